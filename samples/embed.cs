#:project ../src/BertSharp/BertSharp.csproj
// How alike are sentences? Vectors of a sentence-transformers model, compared by its own measure.
using BertSharp;

using SentenceEmbedder embedder = SentenceEmbedder.Load(args is [string folder] ? folder : "sentence-transformers/all-MiniLM-L6-v2");
string[] sentences = ["A man is eating food.", "A man is eating a piece of bread.", "The girl is carrying a baby."];
float[][] vectors = embedder.Embed(sentences);
for (int i = 1; i < sentences.Length; i++)
{
    Console.WriteLine($"{embedder.Similarity(vectors[0], vectors[i]):F3}  {sentences[0]}  |  {sentences[i]}");
}
