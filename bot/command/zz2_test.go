package command
import ("testing";"strings")
func BenchmarkWorst(b *testing.B){
	d := desk()
	spec := Spec{Name: "x", Options: []Option{
		{Name: "period", Kind: Period, Past: true}, {Name: "channel", Kind: Channel}, {Name: "amount", Kind: Money},
		{Name: "owner", Kind: Owner}, {Name: "kind", Kind: Choice, Choices: []string{"social", "networking"}},
		{Name: "time", Kind: Duration}, {Name: "why", Kind: Words},
	}}
	three := Spec{Name:"y",Options:spec.Options[:3]}
	for _,c:=range []struct{n,t string; s Spec}{{"letters",strings.Repeat("b ",240),spec},{"letters3",strings.Repeat("b ",240),three},{"money",strings.Repeat("£5 ",160),spec},{"2h",strings.Repeat("2h ",160),spec}} {
		b.Run(c.n,func(b *testing.B){ for range b.N { Parse(c.s,c.t,nil,d)}})
	}
	for _,t:=range []string{strings.Repeat("b ",240),strings.Repeat("2 ",240),strings.Repeat("with ",90),strings.Repeat("a ",240), strings.Repeat("£5 won ",60), strings.Repeat("hour ",90), strings.Repeat("won ",120),strings.Repeat("with won ",50)} {
		b.Run("log "+t[:6],func(b *testing.B){ for range b.N { ParseLog(t,d)}})
		b.Run("goal "+t[:6],func(b *testing.B){ for range b.N { ParseGoal(t,d)}})
	}
}
