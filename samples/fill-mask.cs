#:project ../src/BertSharp/BertSharp.csproj
// Which words fit into a gap? The task that BERT was trained on.
using BertSharp;

using MaskFiller filler = MaskFiller.Load(args is [string model] ? model : "bert-base-uncased");
foreach (Guess guess in filler.Fill("The capital of France is [MASK].", topK: 5))
{
    Console.WriteLine($"{guess.Score,7:P1}  {guess.Token,-12}  {guess.Sequence}");
}
