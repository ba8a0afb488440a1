using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BertSharp;

/// <summary>Encoded examples with their labels. Each is one sequence, or a group of them (multiple choice).</summary>
/// <param name="Batch">All sequences.</param>
/// <param name="Labels">All labels.</param>
internal sealed record LabelledBatch(TokenBatch Batch, StepLabels Labels)
{
    /// <summary>Number of examples.</summary>
    public int Count => Batch.Count / Labels.Choices;

    /// <summary>A hash of tokens and labels: of all that can reach a weight.</summary>
    public string Hash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(Batch.SequenceOffsets);
        Append(Batch.InputIds);
        Append(Batch.TokenTypeIds);
        Append([Labels.Choices]);
        Append(Labels.Tokens);
        Append(Labels.Sequences);
        Append(MemoryMarshal.Cast<float, int>(Labels.Targets));
        Append(Labels.Starts);
        Append(Labels.Ends);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(ReadOnlySpan<int> values)
        {
            hash.AppendData(MemoryMarshal.AsBytes([values.Length]));
            hash.AppendData(MemoryMarshal.AsBytes(values));
        }
    }

    /// <summary>Some of the examples, in the order given.</summary>
    public LabelledBatch Select(ReadOnlySpan<int> examples)
    {
        int[] sequences = new int[examples.Length * Labels.Choices];
        for (int i = 0; i < sequences.Length; i++)
        {
            sequences[i] = (examples[i / Labels.Choices] * Labels.Choices) + (i % Labels.Choices);
        }

        TokenBatch batch = Batch.Select(sequences);
        return new LabelledBatch(batch, Labels with
        {
            Tokens = Labels.Tokens.Length == 0 ? [] : [.. sequences.SelectMany(TokensOf)],
            Sequences = Gather(Labels.Sequences, examples),
            Targets = Gather(Labels.Targets, examples),
            Starts = Gather(Labels.Starts, examples),
            Ends = Gather(Labels.Ends, examples),
        });
    }

    private int[] TokensOf(int sequence) => Labels.Tokens[Batch.SequenceOffsets[sequence]..Batch.SequenceOffsets[sequence + 1]];

    // As many values for each example as there are; or none at all.
    private T[] Gather<T>(T[] values, ReadOnlySpan<int> examples)
    {
        int width = values.Length / Count;
        T[] gathered = new T[examples.Length * width];
        for (int i = 0; i < examples.Length; i++)
        {
            values.AsSpan(examples[i] * width, width).CopyTo(gathered.AsSpan(i * width));
        }

        return gathered;
    }
}
