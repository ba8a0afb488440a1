using System.Runtime.InteropServices;

namespace BertSharp;

/// <summary>Writes an index file, row by row, beside its place; then it is renamed.</summary>
internal static class IndexWriter
{
    /// <summary>Writes the file whole or not at all.</summary>
    public static void Write(string path, IndexRows rows, TextList ids, TextList texts, IndexSettings settings, CancellationToken cancellation)
    {
        List<StoredTensor> tensors = [.. Vectors(rows), .. Texts(IndexFormat.Ids, ids), .. Texts(IndexFormat.Texts, texts)];
        AtomicFile.Write(Path.GetFullPath(path), stream => SafetensorsWriter.Write(stream, tensors, Metadata(settings), _ => { }, cancellation));
    }

    private static Dictionary<string, string> Metadata(IndexSettings settings)
    {
        Dictionary<string, string> metadata = new()
        {
            [IndexFormat.VersionKey] = IndexFormat.Version,
            [IndexFormat.PrecisionKey] = IndexFormat.Precisions[(int)settings.Precision],
            [IndexFormat.SimilarityKey] = IndexFormat.Similarities[(int)settings.Similarity],
        };
        if (settings.Model is { } model)
        {
            metadata[IndexFormat.ModelKey] = model;
        }

        if (settings.Prompt.Length > 0)
        {
            metadata[IndexFormat.PromptKey] = settings.Prompt;
        }

        return metadata;
    }

    private static IEnumerable<StoredTensor> Vectors(IndexRows rows)
    {
        int count = rows.Precise.Count, dimension = rows.Precise.Dimension;
        if (rows.Precise is FloatRows floats)
        {
            yield return Rows(IndexFormat.Vectors, TensorType.Float32, count, dimension * sizeof(float), dimension, row => MemoryMarshal.AsBytes(floats.Values(row)));
        }

        if (rows.Precise is Int8Rows bytes)
        {
            yield return Rows(IndexFormat.Vectors, TensorType.Int8, count, dimension, dimension, row => MemoryMarshal.AsBytes(bytes.Values(row)));
            StoredTensor scales = Rows(IndexFormat.Scales, TensorType.Float32, count, sizeof(float), 1, row => MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref bytes.Scale(row), 1)));
            yield return scales with { Shape = [count] };
        }

        if (rows.Scanned is BinaryRows bits)
        {
            int packed = (dimension + 7) / 8;
            yield return Rows(IndexFormat.Bits, TensorType.UInt8, count, packed, packed, bits.Bits);
        }
    }

    private static IEnumerable<StoredTensor> Texts(string name, TextList texts)
    {
        long[] offsets = texts.Offsets();
        yield return new StoredTensor(name, TensorType.UInt8, [offsets[^1]], (first, destination) => texts.CopyTo(offsets, first, destination));
        yield return new StoredTensor(name + IndexFormat.Offsets, TensorType.Int64, [offsets.Length], (first, destination) =>
            MemoryMarshal.AsBytes(offsets.AsSpan()).Slice((int)first, destination.Length).CopyTo(destination));
    }

    /// <summary>A tensor whose rows are asked for one by one.</summary>
    private static StoredTensor Rows(string name, TensorType type, int count, int rowBytes, int columns, RowBytes row) =>
        new(name, type, [count, columns], (offset, destination) =>
        {
            while (!destination.IsEmpty)
            {
                ReadOnlySpan<byte> rest = row((int)(offset / rowBytes))[(int)(offset % rowBytes)..];
                rest = rest[..Math.Min(rest.Length, destination.Length)];
                rest.CopyTo(destination);
                destination = destination[rest.Length..];
                offset += rest.Length;
            }
        });

    private delegate ReadOnlySpan<byte> RowBytes(int row);
}
