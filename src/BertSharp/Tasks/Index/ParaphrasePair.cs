namespace BertSharp;

/// <summary>Two texts that are alike.</summary>
/// <param name="First">Position of one in the index.</param>
/// <param name="Second">Position of the other, greater than <paramref name="First"/>.</param>
/// <param name="Score">How alike they are by the index's similarity.</param>
public sealed record ParaphrasePair(int First, int Second, float Score);
