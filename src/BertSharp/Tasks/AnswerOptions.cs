namespace BertSharp;

/// <summary>How <see cref="QuestionAnswerer"/> reads contexts and chooses answers.</summary>
public sealed record AnswerOptions
{
    /// <summary>The options where none are given.</summary>
    public static AnswerOptions Default { get; } = new();

    /// <summary>
    /// Tokens of a window: question, part of the context and special ones; never beyond the model's positions. Null: 384, or
    /// the tokenizer's limit where that is lower.
    /// </summary>
    public int? MaxLength { get; init; }

    /// <summary>Tokens of the context that two neighbouring windows share; null: 128, or half of <see cref="MaxLength"/> where that is lower.</summary>
    public int? Stride { get; init; }

    /// <summary>Most tokens of an answer, before it is widened to whole words.</summary>
    public int MaxAnswerLength { get; init; } = 15;

    /// <summary>Whether "no answer" (an empty text) competes with the answers, as models of SQuAD 2.0 expect.</summary>
    public bool AllowNoAnswer { get; init; }

    /// <summary>Whether answers are widened to whole words; not of use for languages without spaces.</summary>
    public bool AlignToWords { get; init; } = true;
}
