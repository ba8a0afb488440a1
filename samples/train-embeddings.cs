#:project ../src/BertSharp/BertSharp.csproj
// Vectors that know your own words: a low-rank adapter learns which texts of a field belong together.
using BertSharp;

string model = args is [string given] ? given : "sentence-transformers/all-MiniLM-L6-v2";
string folder = Directory.CreateTempSubdirectory("tickets-").FullName, pairs = Path.Combine(folder, "tickets.jsonl");
File.WriteAllLines(pairs,
[
    """{"anchor": "The screen stays black.", "positive": "E17: no signal from the panel"}""",
    """{"anchor": "It does not charge.", "positive": "E23: power supply below limit"}""",
    """{"anchor": "I hear nothing.", "positive": "E31: audio output not found"}""",
    """{"anchor": "It is very hot.", "positive": "E42: fan does not turn"}""",
]);

EmbeddingTrainingOptions objective = new() { Objective = EmbeddingObjective.MultipleNegativesRanking, Data = [pairs], BatchSize = 4, Lora = new LoraConfig { Rank = 8 } };
TrainingOptions training = new() { Folder = Path.Combine(folder, "run"), Steps = 30, LearningRate = 2e-3 };
TrainingResult result = EmbeddingTraining.Run(model, objective, training);

using SentenceEmbedder before = SentenceEmbedder.Load(model), after = SentenceEmbedder.Load(result.ModelFolder!);
foreach ((string name, SentenceEmbedder embedder) in (ReadOnlySpan<(string, SentenceEmbedder)>)[("before", before), ("after", after)])
{
    float[][] vectors = embedder.Embed(["There is no sound.", "E31: audio output not found", "E17: no signal from the panel"]);
    Console.WriteLine($"{name,-6} right {Similarity.Cosine(vectors[0], vectors[1]):F3}, wrong {Similarity.Cosine(vectors[0], vectors[2]):F3}");
}

Directory.Delete(folder, recursive: true);
