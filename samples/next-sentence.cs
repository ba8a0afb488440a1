#:project ../src/BertSharp/BertSharp.csproj
// Does the second sentence follow the first? BERT's other task of pretraining.
using BertSharp;

using NextSentencePredictor predictor = NextSentencePredictor.Load(args is [string model] ? model : "bert-base-uncased");
const string First = "She opened the fridge.";
foreach (string second in (string[])["There was no milk left.", "The treaty was signed in 1648."])
{
    Console.WriteLine($"{predictor.Predict(First, second),7:P1}  {First} {second}");
}
