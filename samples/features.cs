#:project ../src/BertSharp/BertSharp.csproj
// Vectors of single tokens, as features for other models: "bank" means two things, and has two vectors.
using BertSharp;

using FeatureExtractor extractor = FeatureExtractor.Load(args is [string model] ? model : "sentence-transformers/all-MiniLM-L6-v2");
string[] texts = ["He sat on the bank of the river.", "The bank of the river was muddy.", "She took her money to the bank."];
float[][] banks = [.. extractor.Extract(texts).Select(text => text.HiddenStates[0].Row(text.Tokens.ToList().IndexOf("bank")).ToArray())];
for (int i = 1; i < texts.Length; i++)
{
    Console.WriteLine($"{Similarity.Cosine(banks[0], banks[i]):F3}  {texts[0]}  |  {texts[i]}");
}
