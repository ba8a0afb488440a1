#:project ../src/BertSharp/BertSharp.csproj
// The better order of search results: a cross-encoder reads query and document together.
using BertSharp;

using Reranker reranker = Reranker.Load(args is [string model] ? model : "cross-encoder/ms-marco-MiniLM-L6-v2");
string[] documents = ["Berlin is known for its museums.", "Berlin had a population of 3,520,031 in 2015.", "The cat sat on the mat."];
foreach (RankedDocument hit in reranker.Rank("How many people live in Berlin?", documents))
{
    Console.WriteLine($"{hit.Score,7:F3}  {documents[hit.Index]}");
}
