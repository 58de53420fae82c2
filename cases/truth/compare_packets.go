package truth

func (c *comparison) comparePackets() {}
