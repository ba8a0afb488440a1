#:project ../src/BertSharp/BertSharp.csproj
// Labels that the model has never seen: a model of natural language inference says whether the text entails each of them.
using BertSharp;

using ZeroShotClassifier classifier = ZeroShotClassifier.Load(args is [string model] ? model : "typeform/distilbert-base-uncased-mnli");
foreach (ClassLabel label in classifier.Classify("The new graphics card runs hot.", ["computers", "cooking", "politics"]))
{
    Console.WriteLine($"{label.Score,7:P1}  {label.Label}");
}
