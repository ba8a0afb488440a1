namespace BertSharp;

/// <summary>What a forward pass keeps beside the last hidden state, and what it times.</summary>
public sealed record ForwardOptions
{
    /// <summary>Nothing more.</summary>
    public static ForwardOptions Default { get; } = new();

    /// <summary>Keep the hidden states after the embeddings and after each layer: <see cref="BertOutput.HiddenStates"/>.</summary>
    public bool HiddenStates { get; init; }

    /// <summary>Keep the attention probabilities of each layer: <see cref="BertOutput.Attention"/>.</summary>
    public bool Attentions { get; init; }

    /// <summary>Times the encoder's operations; null: none are timed.</summary>
    public OperationClock? Clock { get; init; }

    /// <summary>The last hidden state of the first tokens, [B, H], and what is pooled from it: for who reads no other row.</summary>
    internal static ForwardOptions FirstTokens { get; } = new() { FirstTokensOnly = true };

    /// <summary>
    /// Computes the last layer for the first token of each sequence alone: the output has sequences of one row each, with the
    /// bits that they have among all. Not together with hidden states or attentions, which are those of all tokens.
    /// </summary>
    internal bool FirstTokensOnly { get; private init; }
}
