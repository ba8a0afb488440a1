namespace BertSharp.Cli.Commands;

/// <summary>A question with its answers, best first.</summary>
internal sealed record FoundAnswers(string Question, string Context, IReadOnlyList<Answer> Answers);
