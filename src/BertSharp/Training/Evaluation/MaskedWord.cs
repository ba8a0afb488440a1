namespace BertSharp;

/// <summary>A word that is masked whole, between its neighbours; all three as keys (<see cref="WordKeys"/>).</summary>
/// <param name="Word">The word.</param>
/// <param name="Left">The word before it, as it stands in the text even where it is masked too.</param>
/// <param name="Right">The word behind it, likewise.</param>
/// <param name="Pieces">Its pieces.</param>
internal readonly record struct MaskedWord(ulong Word, ulong Left, ulong Right, int Pieces);
