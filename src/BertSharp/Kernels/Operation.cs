namespace BertSharp;

/// <summary>The operations of a forward pass that <see cref="OperationClock"/> tells apart, in the order in which they run.</summary>
public enum Operation
{
    /// <summary>Rows of the word, token type and position tables, added.</summary>
    EmbeddingLookup,

    /// <summary>LayerNorm of the embeddings.</summary>
    EmbeddingLayerNorm,

    /// <summary>From the embedding size E to H (ELECTRA).</summary>
    EmbeddingProjection,

    /// <summary>The three products x·Wᵀ + b that give queries, keys and values.</summary>
    QueryKeyValue,

    /// <summary>Keys and values of a head, copied into the order in which the two products of attention read them.</summary>
    AttentionPacking,

    /// <summary>Q·Kᵀ / √D.</summary>
    AttentionScores,

    /// <summary>Softmax of the scores; also the copies of <see cref="ForwardOptions.Attentions"/>.</summary>
    AttentionSoftmax,

    /// <summary>Probabilities times V.</summary>
    AttentionContext,

    /// <summary>The dense layer behind attention, with the residual.</summary>
    AttentionOutput,

    /// <summary>LayerNorm behind attention.</summary>
    AttentionLayerNorm,

    /// <summary>The feed-forward's first dense layer, with the activation.</summary>
    FeedForwardUp,

    /// <summary>The feed-forward's second dense layer, with the residual.</summary>
    FeedForwardDown,

    /// <summary>LayerNorm behind the feed-forward.</summary>
    FeedForwardLayerNorm,

    /// <summary>Copies of hidden states into the result.</summary>
    Output,

    /// <summary>tanh(dense(x of the first token)), with its copies.</summary>
    Pooler,

    /// <summary>Threads that wait for each other between two operations.</summary>
    Waiting,
}
