namespace BertSharp;

/// <summary>
/// Texts that are found by meaning: their vectors in memory, all of them compared with each query, on all cores. Exact: of
/// float32 the scores have the bits of <see cref="BertSharp.Similarity"/>, whatever the width, the threads and the other queries.
/// Immutable and thread-safe; it holds no model, so one embedder serves many indexes.
/// </summary>
public sealed partial class SemanticIndex : IDisposable
{
    private readonly IndexRows _rows;
    private readonly TextList _ids;
    private readonly TextList _texts;

    internal SemanticIndex(IndexRows rows, TextList ids, TextList texts, IndexSettings settings)
    {
        _rows = rows;
        _ids = ids;
        _texts = texts;
        Settings = settings;
    }

    /// <summary>Number of texts.</summary>
    public int Count => _texts.Count;

    /// <summary>Values of a vector.</summary>
    public int Dimension => _rows.Precise.Dimension;

    /// <summary>How vectors are kept.</summary>
    public IndexPrecision Precision => Settings.Precision;

    /// <summary>How vectors are compared.</summary>
    public SimilarityFunction Similarity => Settings.Similarity;

    /// <summary>The model that the vectors are of, as the builder named it; null where it did not.</summary>
    public string? Model => Settings.Model;

    /// <summary>The prompt before each text of the index, mostly empty.</summary>
    public string Prompt => Settings.Prompt;

    /// <summary>The settings, as the file keeps them.</summary>
    internal IndexSettings Settings { get; }

    /// <summary>The vectors.</summary>
    internal IndexRows Rows => _rows;

    /// <summary>The entry at a position, from 0.</summary>
    public IndexEntry this[int index] => new(_ids[index], _texts[index]);

    /// <summary>Reads an index that <see cref="Save"/> or <c>bert index</c> wrote, whole; the file is closed at the end.</summary>
    /// <exception cref="CheckpointException">There is no such file, or it is damaged, or it is no index.</exception>
    public static SemanticIndex Load(string path) => IndexReader.Read(path);

    /// <summary>Writes the index to a file (<c>docs/formats/index.md</c>), whole or not at all.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="cancellation">A cancelled save leaves the old file.</param>
    public void Save(string path, CancellationToken cancellation = default)
    {
        _rows.Hold();
        try
        {
            IndexWriter.Write(path, _rows, _ids, _texts, Settings, cancellation);
        }
        finally
        {
            _rows.Release();
        }
    }

    /// <summary>How alike two texts of the index are: what a search for the first finds for the second.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public float Score(int first, int second)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(second);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(second, Count);
        SearchPass pass = SearchPass.Idle.Take();
        try
        {
            Span<float> query = pass.Queries(1, Dimension);
            CopyVector(first, query);
            return pass.Score(_rows.Precise, query, second);
        }
        finally
        {
            SearchPass.Idle.Give(pass);
        }
    }

    /// <summary>The vector of a text, as far as the precision keeps it; normalised where the similarity is cosine.</summary>
    /// <param name="index">The position.</param>
    /// <param name="vector">[<see cref="Dimension"/>].</param>
    public void CopyVector(int index, Span<float> vector)
    {
        if (vector.Length != Dimension)
        {
            throw new ArgumentException($"A vector of the index has {Dimension} values, the destination {vector.Length}.", nameof(vector));
        }

        _rows.Precise.Hold();
        try
        {
            _rows.Precise.Decode(index, vector);
        }
        finally
        {
            _rows.Precise.Release();
        }
    }

    /// <summary>Frees the vectors, after the last call that uses them.</summary>
    public void Dispose() => _rows.Dispose();
}
