using System.Security.Cryptography;
using System.Text;

namespace BertSharp;

/// <summary>
/// A teacher's embeddings of the lines of a file, computed once: <c>BERTTEA1</c>, the SHA-256 of what they were made of, then
/// blocks of 4,096 rows of float16 values, each block followed by its SHA-256. A run that is stopped goes on behind the last
/// whole block.
/// </summary>
internal sealed class TeacherEmbeddings : IDisposable
{
    /// <summary>Rows of a block.</summary>
    public const int BlockRows = 4096;

    private readonly FileStream _file;
    private readonly int _count;
    private readonly int _dimension;

    private TeacherEmbeddings(FileStream file, int count, int dimension) => (_file, _count, _dimension) = (file, count, dimension);

    /// <summary>Values of a row.</summary>
    public int Dimension => _dimension;

    private static ReadOnlySpan<byte> Magic => "BERTTEA1"u8;

    private static int HeaderBytes => Magic.Length + SHA256.HashSizeInBytes;

    /// <summary>Opens a cache; rows that are missing, and blocks that are damaged, are computed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lines">The texts.</param>
    /// <param name="teacher">The folder of the teacher.</param>
    /// <param name="progress">Receives the number of rows that are there.</param>
    /// <param name="cancellation">Stops; the blocks that are whole stay.</param>
    public static TeacherEmbeddings Open(string path, LineFile lines, string teacher, Action<int> progress, CancellationToken cancellation)
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(teacher);
        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        TeacherEmbeddings cache = new(file, lines.Count, embedder.Dimension);
        try
        {
            cache.Begin(SHA256.HashData(Encoding.UTF8.GetBytes($"{lines.Hash} {WeightHash.Of(embedder.Model.Parameters, embedder.Modules.Parameters)}")));
            cache.Fill(embedder, lines, progress, cancellation);
            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    /// <summary>Reads the embedding of a line.</summary>
    public void Read(long line, Span<float> values)
    {
        byte[] bytes = new byte[_dimension * sizeof(ushort)];
        (long block, long row) = Math.DivRem(line, BlockRows);
        RandomAccess.Read(_file.SafeFileHandle, bytes, Start(block) + (row * bytes.Length));
        FloatConversion.ToFloat32(TensorType.Float16, bytes, values);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Begin(byte[] hash)
    {
        byte[] expected = [.. Magic, .. hash], found = new byte[HeaderBytes];
        if (_file.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) != found.Length || !found.AsSpan().SequenceEqual(expected))
        {
            _file.SetLength(0);
            _file.Write(expected);
        }
    }

    private void Fill(SentenceEmbedder embedder, LineFile lines, Action<int> progress, CancellationToken cancellation)
    {
        int first = 0;
        for (; first < _count && IsWhole(first / BlockRows); first += BlockRows)
        {
            progress(first);
        }

        for (; first < _count; first += BlockRows)
        {
            progress(first);
            string[] texts = [.. Enumerable.Range(first, Rows(first / BlockRows)).Select(line => lines[line])];
            float[] vectors = new float[texts.Length * _dimension];
            embedder.Embed(texts, vectors, cancellation: cancellation);
            byte[] bytes = new byte[vectors.Length * sizeof(ushort)];
            FloatConversion.FromFloat32(TensorType.Float16, vectors, bytes);
            RandomAccess.Write(_file.SafeFileHandle, [.. bytes, .. SHA256.HashData(bytes)], Start(first / BlockRows));
        }

        _file.SetLength(Start((_count + BlockRows - 1) / BlockRows) - ((BlockRows - Rows((_count - 1) / BlockRows)) * (long)_dimension * sizeof(ushort)));
        progress(_count);
    }

    private bool IsWhole(int block)
    {
        byte[] bytes = new byte[(Rows(block) * _dimension * sizeof(ushort)) + SHA256.HashSizeInBytes];
        return RandomAccess.Read(_file.SafeFileHandle, bytes, Start(block)) == bytes.Length
            && SHA256.HashData(bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - SHA256.HashSizeInBytes));
    }

    private int Rows(int block) => Math.Min(BlockRows, _count - (block * BlockRows));

    private long Start(long block) => HeaderBytes + (block * (((long)BlockRows * _dimension * sizeof(ushort)) + SHA256.HashSizeInBytes));
}
