#:project ../src/BertSharp/BertSharp.csproj
// Search by meaning: texts are embedded once, every query then reads the index at the speed of memory.
using BertSharp;

using SentenceEmbedder embedder = SentenceEmbedder.Load(args is [string model] ? model : "sentence-transformers/all-MiniLM-L6-v2");
string[] documents = ["A cheetah chases its prey across a field.", "Someone plays the violin.", "A man rides a white horse."];
using SemanticIndex index = SemanticIndex.Build(embedder, documents);
foreach (SearchResult hit in index.Search(embedder, "Which animal is fast?", new SearchOptions { TopK = 2 }))
{
    Console.WriteLine($"{hit.Score:F3}  {hit.Text}");
}
