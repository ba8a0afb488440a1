#:project ../src/BertSharp/BertSharp.csproj
// Which sentence is better English? Each word is masked in turn; a low pseudo-perplexity means that none of them surprises.
using BertSharp;

using SentenceScorer scorer = SentenceScorer.Load(args is [string model] ? model : "bert-base-uncased");
string[] sentences = ["He went to the shop.", "He goed at the shop."];
foreach ((string sentence, SentenceScore score) in sentences.Zip(scorer.Score(sentences)))
{
    Console.WriteLine($"{score.PseudoPerplexity,10:F2}  {sentence}");
}
