package truth

// linuxCauses are where the profile linux of package tcpmodel is known to differ
// from what was recorded, by cause. A test demands that each of the items is
// found, and that no other is.
var linuxCauses = []Cause{
	{
		ID:    "timer-wheel",
		Title: "Timers of the kernel are late by as much as a third retransmission",
		What:  "Both ends wait for a timer: the server for that of its SYN-ACK, which makes the client's echoed timestamps good again, the client for its third retransmission. On the machine the client's timer was 28 ms late (its wheel has a granularity of 32 ms for such a time) and came after the server's; the model's timers are exact, so that the client's comes first and its segment is refused once more. The phase of the wheel is that of the machine: recorded again, 13c2 went the other way.",
		Code:  "tcpmodel/timer.go, Endpoint.arm; of Linux kernel/time/timer.c, calc_wheel_index",
		Right: "Both. RFC 6298 section 2 has the granularity of the clock as a parameter.",
		Items: []Item{
			{"13c2", Difference{"15 B s accept l", "ok @1033ms", "ok @1040ms"}},
			{"13c2", Difference{"A>B after 7", "nothing", "PA seq=1 ack=1 len=10"}},
			{"13c2", Difference{"B>A after 5", "nothing", "A seq=1 ack=1 len=0"}},
		},
	},
	{
		ID:    "burst-parity",
		Title: "Which segments of a burst have PSH depends on the round trip to a few per cent",
		What:  "Linux sends packets of several segments, and the last of each has PSH. A packet takes what would be sent in a millisecond. In n6a that is 4.07 segments by the model's round trip and less than four by the kernel's, which the relay made two milliseconds longer. In 15g the recorder's reader thread split some windows in two, so that there are more acknowledgments and other bursts.",
		Code:  "tcpmodel/congestion.go, Endpoint.burstSize; of Linux net/ipv4/tcp_output.c, tcp_tso_autosize",
		Right: "Both. RFC 9293 section 3.9.1.2 has PSH at the end of what the application sent, and leaves it open elsewhere.",
		Items: []Item{
			{"15g", Difference{"A>B PSH", "also in 398, 400, 402, 418", "also in 399, 401, 417"}},
			{"15g", Difference{"B>A 79", "27 elided", "nothing"}},
			{"n6a", Difference{"A>B PSH", "also in 70, 73", "also in 71"}},
		},
	},
	{
		ID:    "smaller-receive-buffer",
		Title: "A receive buffer that is made smaller does not drop what it was promised room for",
		What:  "SO_RCVBUF becomes 4000 on a connection whose window was announced as 64512 before. Linux keeps the window, but drops text that it has no memory for, and says so with a window of 0. Which segment is the first to be dropped depends on what the socket has reserved in whole pages, and on how much merging the queue saves. The model takes what lies in the window that it announced.",
		Code:  "tcpmodel/arrives_text.go, Endpoint.takeText; of Linux net/ipv4/tcp_input.c, tcp_try_rmem_schedule and tcp_prune_queue",
		Right: "Both. RFC 9293 section 3.8.6 advises a receiver against shrinking the window, and has the sender be robust against it.",
		Items: []Item{
			{"h15f", Difference{"A>B 17", "A seq=7241 ack=1 len=1448, A seq=7241 ack=1 len=1448, A seq=8689 ack=1 len=1448, 7 elided, PA seq=18753 ack=1 len=1248", "nothing"}},
			{"h15f", Difference{"B>A 6", "7 elided, A seq=1 ack=7241 len=0, A seq=1 ack=8689 len=0, 3 elided, A seq=1 ack=18753 len=0, A seq=1 ack=20001 len=0", "nothing"}},
			{"h15h", Difference{"600 A c recv 50000", "7240 @600ms", "40000 @600ms"}},
			{"h15h", Difference{"1000 B s soerr", "EPIPE @1000ms", "0 @1000ms"}},
			{"h15h", Difference{"A>B 8", "5 elided, A seq=1 ack=7241 len=0, FA seq=1 ack=7241 len=0, R seq=2 len=0", "FA seq=1 ack=40001 len=0"}},
			{"h15h", Difference{"B>A 16", "A seq=7241 ack=1 len=1448, A seq=7241 ack=2 len=1448", "A seq=20273 ack=1 len=1448, PA seq=21721 ack=1 len=1448, A seq=23169 ack=1 len=1448, … (15 in all), PA seq=39097 ack=1 len=904"}},
		},
	},
	{
		ID:    "receive-buffer-tuning",
		Title: "The receive buffer does not tune itself",
		What:  "A reader takes 64 KiB every 10 ms of an endless transfer. Linux lets its receive buffer grow with what is read and over what it was asked to hold (tcp_rcvbuf_grow, tcp_clamp_window); the model's stays as it is. So the windows, and with them what is in flight and read at each time, are others. Calls end with the same results, and the RST comes in the same place.",
		Code:  "tcpmodel/window.go, Endpoint.newWindow",
		Right: "Both. RFC 9293 section 3.8.6 leaves the size of the window to the receiver.",
		Items: []Item{
			{"2i", Difference{"80 A c send 20000000", "1911360 @312ms", "961472 @318ms"}},
			{"2i", Difference{"235 B s recv 65536", "59568 @236ms", "65536 @246ms"}},
			{"2i", Difference{"255 B s recv 65536", "57304 @258ms", "65536 @266ms"}},
			{"2i", Difference{"275 B s recv 65536", "52128 @275ms", "65536 @287ms"}},
			{"2i", Difference{"285 B s recv 65536", "65536 @285ms", "14336 @287ms"}},
			{"2i", Difference{"295 B s recv 65536", "65536 @297ms", "65536 @308ms"}},
			{"2i", Difference{"A>B PSH", "also in 68, 107", "in no other segment"}},
			{"2i", Difference{"A>B 109", "PA seq=152041 ack=7 len=200, A seq=152241 ack=7 len=1448, A seq=153689 ack=7 len=1448", "nothing"}},
			{"2i", Difference{"A>B 124", "PA seq=172513 ack=7 len=1448, A seq=173961 ack=7 len=1448, PA seq=175409 ack=7 len=1448", "nothing"}},
			{"2i", Difference{"A>B 164", "A seq=230433 ack=7 len=1448, A seq=231881 ack=7 len=1448, PA seq=233329 ack=7 len=832", "nothing"}},
			{"2i", Difference{"A>B 212", "A seq=299321 ack=7 len=1448, A seq=300769 ack=7 len=1448, PA seq=302217 ack=7 len=1448", "nothing"}},
			{"2i", Difference{"A>B 262", "53 elided, A seq=448465 ack=7 len=1448, A seq=449913 ack=7 len=1448, … (92 in all), A seq=502953 ack=7 len=1448", "nothing"}},
			{"2i", Difference{"B>A 44", "12 elided, RA seq=7 ack=522481 len=0", "RA seq=7 ack=442609 len=0"}},
		},
	},
}
