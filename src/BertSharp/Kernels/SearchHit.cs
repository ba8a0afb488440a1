namespace BertSharp;

/// <summary>One of the most alike.</summary>
/// <param name="Index">Its position among all, from 0.</param>
/// <param name="Score">How alike it is; greater is more.</param>
public readonly record struct SearchHit(int Index, float Score);
