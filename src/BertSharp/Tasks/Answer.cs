namespace BertSharp;

/// <summary>A part of a context that answers a question.</summary>
/// <param name="Text">The context from <paramref name="Start"/> to <paramref name="End"/>; empty where there is no answer.</param>
/// <param name="Start">The first UTF-16 unit in the context; 0 where there is no answer.</param>
/// <param name="End">The unit behind the last; 0 where there is no answer.</param>
/// <param name="Score">
/// The probability of the start times that of the end. The same text found several times, or in several windows, is one
/// answer with the sum, which may exceed 1.
/// </param>
public sealed record Answer(string Text, int Start, int End, float Score)
{
    /// <summary>No answer, of score 0: where no text could be one.</summary>
    internal static Answer None { get; } = new("", 0, 0, 0f);
}
