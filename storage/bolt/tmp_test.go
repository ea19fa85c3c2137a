package bolt
import ("testing";"time";"fmt";"slices";"context";"payoff/storage/kv")
func BenchmarkTmp(b *testing.B){
 db, beside := reopened(b, benchPath(b, byTime)), openRaw(b, byTime)
 var ours, raws []time.Duration
 b.ResetTimer()
 for n:=0;n<b.N;n++{
  s:=time.Now(); db.Update(context.Background(), func(tx kv.Tx) error { return benchWrite(tx, byTime, benchRows+uint64(n)) }); ours=append(ours,time.Since(s))
  s=time.Now(); beside.put(1); raws=append(raws,time.Since(s))
 }
 slices.Sort(ours); slices.Sort(raws)
 q:=func(d []time.Duration)string{return fmt.Sprint(d[len(d)/10]," ",d[len(d)/2]," ",d[len(d)*9/10])}
 fmt.Println(b.N,"p10/p50/p90 ours",q(ours),"raw",q(raws))
}
