// Package record runs a scenario of package truth on the Linux kernel that it
// stands on, and writes down what happened, in the form that truth reads.
//
// Two network namespaces stand for the hosts A (10.9.0.1) and B (10.9.0.2). Each
// has one TUN device; between them a relay in this process delays, drops and
// reorders packets, and forges segments. Every call is a blocking system call
// made by a thread of its own.
//
//	if err := record.Available(); err != nil {
//		return err // says what is missing: Linux, root, /dev/net/tun
//	}
//	files, err := truth.ReadFile("scenario.txt") // the script alone is enough
//	recording, err := record.Run(ctx, files[0])
//	os.WriteFile("recorded.txt", []byte(recording.Text()), 0o644)
//
// A recording has the script, what each call returned and when, and a transcript:
// segments with numbers that count from the SYN of each side, calls with the
// state that TCP_INFO had after them, and the changes of the kernel's table of
// sockets. Of a long run of data and acknowledgments the first and the last
// three stand there, and how many there were between.
//
// The kernel's settings are those of [Settings], and what the script adds.
//
// # Limitations
//
// Time is real: on a busy machine calls and packets are late. What depends on
// time should be recorded three times, and kept when it agrees
// ([truth.CompareRecordings]). A packet takes 0.3 ms longer than the delay
// says, as [truth.Translate] has it. A packet that is under way when the link
// goes down arrives; put no call so close. What a forged segment's n0 means is
// worked out from the packets that passed, so data that the kernel refused make
// it wrong.
package record
