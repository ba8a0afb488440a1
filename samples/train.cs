#:project ../src/BertSharp/BertSharp.csproj
// A classifier of your own, from labelled examples. A run that was stopped goes on where it was, to the same bits.
using BertSharp;

string model = args is [string given] ? given : "sentence-transformers/all-MiniLM-L6-v2";
string folder = Directory.CreateTempSubdirectory("reviews-").FullName, examples = Path.Combine(folder, "reviews.tsv");
File.WriteAllLines(examples,
[
    "text\tlabel",
    "A lovely film.\tgood", "The best evening of the year.\tgood", "Warm, funny and clever.\tgood", "I laughed and I cried.\tgood",
    "Two lost hours.\tbad", "A dull and ugly film.\tbad", "The worst play that I have seen.\tbad", "I fell asleep.\tbad",
]);

FineTuningOptions task = new() { Task = FineTuningTask.Classify, Data = examples, BatchSize = 4 };
TrainingOptions training = new() { Folder = Path.Combine(folder, "run"), Epochs = 10, LearningRate = 2e-4 };
TrainingResult result = FineTuning.Run(model, task, training);

using TextClassifier classifier = TextClassifier.Load(result.ModelFolder!);
foreach (string review in (string[])["A wonderful story.", "A boring story."])
{
    ClassLabel label = classifier.Classify(review);
    Console.WriteLine($"{label.Label} {label.Score:P1}  {review}");
}

Directory.Delete(folder, recursive: true);
