#:project ../src/BertSharp/BertSharp.csproj
// What kind of text is this? Any classifier of the Hub: sentiment, topic, language, spam.
using BertSharp;

using TextClassifier classifier = TextClassifier.Load(args is [string model] ? model : "distilbert/distilbert-base-uncased-finetuned-sst-2-english");
string[] reviews = ["A lovely film.", "Two hours that I will never get back."];
foreach ((string review, IReadOnlyList<ClassLabel> labels) in reviews.Zip(classifier.Classify(reviews)))
{
    Console.WriteLine($"{labels[0].Label} {labels[0].Score:P1}  {review}");
}
