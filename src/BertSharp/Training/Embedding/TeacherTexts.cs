namespace BertSharp;

/// <summary>
/// The sentences of running text with a teacher's embeddings. Both are kept in the run's folder: <c>sentences.txt</c>, written
/// where it is not there yet, and <c>teacher.f16</c>, which the first pass fills.
/// </summary>
internal sealed class TeacherTexts : EmbeddingData
{
    private readonly LineFile _lines;
    private readonly TeacherEmbeddings _embeddings;
    private readonly ShuffledBatches _batches;

    /// <summary>Opens them.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="options">The files of text, how many of their sentences are taken, and how many a step.</param>
    /// <param name="teacher">The teacher's folder.</param>
    /// <param name="seed">Of the order.</param>
    /// <exception cref="DataFileException">There is no sentence.</exception>
    /// <exception cref="CheckpointException">The teacher cannot be loaded.</exception>
    public TeacherTexts(string folder, EmbeddingTrainingOptions options, string teacher, ulong seed)
    {
        Directory.CreateDirectory(folder);
        string sentences = Path.Combine(folder, "sentences.txt");
        if (!File.Exists(sentences))
        {
            SentenceCollection.Write(options.Data, sentences, options.Sentences);
        }

        _lines = new LineFile(sentences);
        _batches = new ShuffledBatches(_lines.Count, options.BatchSize, seed);
        try
        {
            _embeddings = new TeacherEmbeddings(Path.Combine(folder, "teacher.f16"), _lines, teacher);
        }
        catch
        {
            _lines.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override long StepsPerEpoch => _batches.Count;

    /// <inheritdoc/>
    public override string Hash => _lines.Hash;

    /// <inheritdoc/>
    public override EmbeddingStep Draw(long step, CancellationToken cancellation)
    {
        long[] batch = _batches.Batch(step);
        float[] targets = new float[batch.Length * _embeddings.Dimension];
        _embeddings.Read(batch, targets, cancellation);
        return new EmbeddingStep([.. batch.Select(line => _lines[line])], 1, targets);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _lines.Dispose();
        _embeddings.Dispose();
    }
}
