namespace BertSharp;

/// <summary>Sentences with a teacher's embeddings, both read from files by number.</summary>
internal sealed class TeacherTexts(LineFile lines, TeacherEmbeddings embeddings, int batchSize, ulong seed) : EmbeddingData
{
    private readonly ShuffledBatches _batches = new(lines.Count, batchSize, seed);

    /// <inheritdoc/>
    public override long StepsPerEpoch => _batches.Count;

    /// <inheritdoc/>
    public override string Hash => lines.Hash;

    /// <inheritdoc/>
    public override EmbeddingStep Draw(long step)
    {
        long[] batch = _batches.Batch(step);
        float[] targets = new float[batch.Length * embeddings.Dimension];
        for (int i = 0; i < batch.Length; i++)
        {
            embeddings.Read(batch[i], targets.AsSpan(i * embeddings.Dimension, embeddings.Dimension));
        }

        return new EmbeddingStep([.. batch.Select(line => lines[line])], 1, targets);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        lines.Dispose();
        embeddings.Dispose();
    }
}
