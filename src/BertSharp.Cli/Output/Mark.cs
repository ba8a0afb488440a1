namespace BertSharp.Cli.Output;

/// <summary>A part of a text to be shown.</summary>
/// <param name="Start">The first UTF-16 unit.</param>
/// <param name="End">The unit behind the last.</param>
/// <param name="Label">What stands behind it.</param>
/// <param name="Color">Which of the colours it has, counted from 0.</param>
internal readonly record struct Mark(int Start, int End, string Label, int Color);
