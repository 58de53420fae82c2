package explore

// DealEach has a search deal so many branches to each shard.
func (o *Orderings) DealEach(n int) { o.dealtEach = n }
