#:project ../src/BertSharp/BertSharp.csproj
// The answer to a question, as a span of a text.
using BertSharp;

using QuestionAnswerer reader = QuestionAnswerer.Load(args is [string model] ? model : "distilbert/distilbert-base-cased-distilled-squad");
const string Context = "The Amazon rainforest covers most of the Amazon basin of South America. This basin encompasses 7,000,000 square kilometres.";
Answer answer = reader.Answer("How large is the Amazon basin?", Context);
Console.WriteLine($"{answer.Text} ({answer.Score:P1}, characters {answer.Start} to {answer.End})");
