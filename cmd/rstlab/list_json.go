package main

import "rstlab/cases"

// listedScenario is a scenario as list --json prints it.
type listedScenario struct {
	Name     string          `json:"name"`
	Topic    string          `json:"topic"`
	Headline string          `json:"headline"` // the first paragraph of the claim
	Claim    string          `json:"claim"`
	Source   []string        `json:"source"`
	RFC      []string        `json:"rfc"`
	Params   []listedParam   `json:"params"`
	Hosts    []string        `json:"hosts"`
	Examples []listedExample `json:"examples"`
}

// listedParam is a parameter. Values are in the notation of scenarios and of
// --set; Min and Max, or Choices, are there when the range is said.
type listedParam struct {
	Name    string   `json:"name"`
	Default string   `json:"default"`
	Range   string   `json:"range"`
	Min     string   `json:"min,omitempty"`
	Max     string   `json:"max,omitempty"`
	Choices []string `json:"choices,omitempty"`
	Doc     string   `json:"doc"`
}

// listedExample is a run with a known outcome. Params are all parameters, those
// at their defaults too.
type listedExample struct {
	Params  map[string]string `json:"params"`
	Stack   string            `json:"stack"`
	Outcome string            `json:"outcome"`
}

// listed is what list --json says about a scenario. Lists are never null.
func listed(s *cases.Scenario) listedScenario {
	l := listedScenario{
		Name: s.Name, Topic: topicOf(s.Name), Headline: s.Headline(), Claim: s.Claim,
		Source: citeTexts(s.Source), RFC: citeTexts(s.RFC),
		Params: make([]listedParam, len(s.Params)), Hosts: make([]string, len(s.Hosts)),
		Examples: make([]listedExample, len(s.Examples)),
	}
	for i := range s.Params {
		p := &s.Params[i]
		l.Params[i] = listedParam{
			Name: p.Name, Default: p.Default.String(), Range: p.Range(),
			Min: p.Min.String(), Max: p.Max.String(), Doc: p.Doc(),
		}
		for _, c := range p.Choices {
			l.Params[i].Choices = append(l.Params[i].Choices, c.String())
		}
	}
	for i := range s.Hosts {
		l.Hosts[i] = s.Hosts[i].Name
	}
	for i := range s.Examples {
		e := &s.Examples[i]
		l.Examples[i] = listedExample{Params: exampleParams(s, e), Stack: e.Stack.Name, Outcome: e.Want.String()}
	}
	return l
}

func citeTexts(cites []cases.Cite) []string {
	texts := make([]string, len(cites))
	for i, c := range cites {
		texts[i] = c.Text
	}
	return texts
}

// exampleParams are all parameters with the values that an example gives them.
func exampleParams(s *cases.Scenario, e *cases.Example) map[string]string {
	params := map[string]string{}
	for i := range s.Params {
		params[s.Params[i].Name] = s.Params[i].Default.String()
	}
	for _, set := range e.Set {
		params[set.Name] = set.Value.String()
	}
	return params
}
