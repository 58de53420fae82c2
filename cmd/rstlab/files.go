package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// newFile is a file that comes to be whole, at [newFile.commit], or not at all.
type newFile struct {
	*os.File
	name string // as the user gave it
	path string // the file to be
	temp string // what it is called until then; "" when it is written in place
}

// createFile begins the file with that name. A file that is there already stays
// as it is until commit, and its permissions remain. What is no regular file,
// such as a device or a pipe, is written in place.
func createFile(name string) (*newFile, error) {
	file, err := tryCreate(name)
	if err == nil {
		return file, nil
	}
	dir := filepath.Dir(name)
	_, dirErr := os.Stat(dir)
	info, statErr := os.Stat(name)
	switch {
	case statErr == nil && info.IsDir():
		return nil, wrong("name a file in it", "%q is a directory", name)
	case errors.Is(dirErr, fs.ErrNotExist):
		return nil, wrong("create it first", "%q cannot be written: there is no directory %q", name, dir)
	case errors.Is(err, fs.ErrPermission):
		return nil, wrong("change the permissions, or choose another file", "%q cannot be written: permission denied", name)
	}
	return nil, wrong("choose another file", "%q cannot be written: %v", name, cause(err))
}

func tryCreate(name string) (*newFile, error) {
	path := name
	if target, err := filepath.EvalSymlinks(name); err == nil {
		path = target // renaming must not replace the link
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f, err := createTemp(path, 0o666)
		if err != nil {
			return nil, err
		}
		return &newFile{File: f, name: name, path: path, temp: f.Name()}, nil
	case err != nil:
		return nil, err
	}
	// Renaming would succeed where writing is not allowed.
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil || !info.Mode().IsRegular() {
		return &newFile{File: f, name: name, path: path}, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	if f, err = createTemp(path, info.Mode().Perm()); err != nil {
		return nil, err
	}
	if err := f.Chmod(info.Mode().Perm()); err != nil { // past the umask
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return &newFile{File: f, name: name, path: path, temp: f.Name()}, nil
}

// createTemp makes a new file in the directory of path.
func createTemp(path string, perm fs.FileMode) (*os.File, error) {
	for tries := 0; ; tries++ {
		temp := filepath.Join(filepath.Dir(path), fmt.Sprintf(".rstlab-%016x.tmp", rand.Uint64()))
		f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) || tries == 100 {
			return f, err
		}
	}
}

// commit closes the file and gives it its name.
func (f *newFile) commit() error {
	err := f.Close()
	if err == nil && f.temp != "" {
		err = os.Rename(f.temp, f.path)
	}
	if err != nil {
		f.discard()
		return wrong("choose another file", "%q cannot be written: %v", f.name, cause(err))
	}
	f.temp = ""
	return nil
}

// commitSynced is commit with the content on the disk before the file has its name, so
// that a loss of power leaves one content or the other.
func (f *newFile) commitSynced() error {
	if f.temp != "" {
		if err := f.Sync(); err != nil {
			return wrong("choose another file", "%q cannot be written: %v", f.name, cause(err))
		}
	}
	return f.commit()
}

// discard removes the file unless it was committed.
func (f *newFile) discard() {
	f.Close() //nolint:errcheck // there is nothing to save
	if f.temp != "" {
		os.Remove(f.temp) //nolint:errcheck // nothing else can be done about it
		f.temp = ""
	}
}
