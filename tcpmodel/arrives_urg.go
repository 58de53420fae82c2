package tcpmodel

// The sixth check of RFC 9293 section 3.10.7.4, of the URG bit, is absent: the
// endpoint neither sends nor reports urgent data. RFC 9293 section 3.8.5: "new
// applications SHOULD NOT employ the TCP urgent mechanism". Text that a segment
// with URG carries is taken like any other, as with SO_OOBINLINE.
