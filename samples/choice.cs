#:project ../src/BertSharp/BertSharp.csproj
// Which of several endings fits? A model with a multiple-choice head, such as one trained on SWAG.
using BertSharp;

using MultipleChoiceSolver solver = MultipleChoiceSolver.Load(args is [string model] ? model : throw new ArgumentException("Usage: dotnet run choice.cs MODEL"));
string[] choices = ["and hung it up to dry.", "and ate the piano."];
ChoiceAnswer answer = solver.Solve("He took the wet shirt", choices);
for (int i = 0; i < choices.Length; i++)
{
    Console.WriteLine($"{answer.Scores[i],7:P1}  {choices[i]}");
}
