using System.Security.Cryptography;
using System.Text;

namespace BertSharp;

/// <summary>Pairs with scores, and anchors with positives and negatives, in memory.</summary>
internal sealed class LabelledTexts : EmbeddingData
{
    private readonly string[][] _examples;
    private readonly float[] _scores;
    private readonly Func<long, IReadOnlyList<int>> _batch;

    private LabelledTexts(string[][] examples, float[] scores, int batchSize, ulong seed, bool distinct)
    {
        (_examples, _scores) = (examples, scores);
        if (distinct)
        {
            NoDuplicateBatches batches = new(examples, batchSize, seed);
            (_batch, StepsPerEpoch) = (batches.Batch, batches.Count);
        }
        else
        {
            ShuffledBatches batches = new(examples.Length, batchSize, seed);
            (_batch, StepsPerEpoch) = (step => [.. batches.Batch(step).Select(example => (int)example)], batches.Count);
        }

        Hash = HashOf();
    }

    /// <inheritdoc/>
    public override long StepsPerEpoch { get; }

    /// <inheritdoc/>
    public override string Hash { get; }

    /// <summary>Pairs with their scores divided by the largest there is, where that is above 1: cosines have no more.</summary>
    /// <exception cref="DataFileException">There is no pair, or a score is below −1.</exception>
    public static LabelledTexts Of(IReadOnlyList<ScoredPair> pairs, int batchSize, ulong seed)
    {
        Require(pairs.Count);
        double scale = Math.Max(1, pairs.Max(pair => pair.Score));
        return pairs.FirstOrDefault(pair => pair.Score < -1) is { } low
            ? throw BadRecordException.At(low.Place, $"the score is {low.Score}; expected at least 0, or a cosine")
            : new LabelledTexts([.. pairs.Select(pair => new[] { pair.Sentence1, pair.Sentence2 })], [.. pairs.Select(pair => (float)(pair.Score / scale))], batchSize, seed, distinct: false);
    }

    /// <summary>Anchors with positives and, in all examples or none, negatives.</summary>
    /// <param name="triplets">The examples.</param>
    /// <param name="batchSize">Examples of a step.</param>
    /// <param name="seed">Of their order.</param>
    /// <param name="distinct">Whether no text may stand twice in a step.</param>
    /// <exception cref="DataFileException">There is no example, or some have negatives and others have none.</exception>
    public static LabelledTexts Of(IReadOnlyList<TextTriplet> triplets, int batchSize, ulong seed, bool distinct)
    {
        Require(triplets.Count);
        bool negatives = triplets[0].Negative is not null;
        return triplets.FirstOrDefault(triplet => triplet.Negative is not null != negatives) is { } other
            ? throw BadRecordException.At(other.Place, $"the example has {(negatives ? "no negative, that of" : "a negative, that of")} {triplets[0].Place} {(negatives ? "one" : "none")}; give all of them one, or none")
            : new LabelledTexts([.. triplets.Select(triplet => triplet.Negative is { } negative ? new[] { triplet.Anchor, triplet.Positive, negative } : [triplet.Anchor, triplet.Positive])], [], batchSize, seed, distinct);
    }

    /// <inheritdoc/>
    public override EmbeddingStep Draw(long step, CancellationToken cancellation)
    {
        IReadOnlyList<int> batch = _batch(step);
        int columns = _examples[0].Length;
        return new EmbeddingStep(
            [.. Enumerable.Range(0, columns).SelectMany(column => batch.Select(example => _examples[example][column]))],
            columns,
            _scores.Length == 0 ? [] : [.. batch.Select(example => _scores[example])]);
    }

    private static void Require(int count)
    {
        if (count == 0)
        {
            throw new DataFileException("There are no examples to train on.");
        }
    }

    private string HashOf()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string text in _examples.SelectMany(example => example))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        }

        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_scores.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
