package explore

import "fmt"

// Error is a mistake of the user: a wrong axis, a file that does not belong to
// the search.
type Error struct {
	Problem string // what is wrong, and where
	Remedy  string // what to do about it
}

func (e *Error) Error() string { return "explore: " + e.Problem + "; " + e.Remedy }

// mistake makes an [Error]. Format arguments belong to the problem.
func mistake(remedy, problem string, args ...any) *Error {
	return &Error{Problem: fmt.Sprintf(problem, args...), Remedy: remedy}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
