namespace BertSharp;

/// <summary>How the labels of tokens become entities; the strategies of transformers' token classification pipeline.</summary>
public enum Aggregation
{
    /// <summary>Each token by itself, with its own label (<c>B-person</c>).</summary>
    None,

    /// <summary>Neighbouring tokens of one label are one entity; a word may fall apart.</summary>
    Simple,

    /// <summary>A word has the label and the score of its first token; neighbouring words of one label are one entity.</summary>
    First,

    /// <summary>A word has the label that its tokens give the highest mean score; then as <see cref="First"/>.</summary>
    Average,

    /// <summary>A word has the label of its surest token; then as <see cref="First"/>.</summary>
    Max,
}
