namespace BertSharp;

/// <summary>
/// Pairs for next-sentence prediction, as Google's <c>create_pretraining_data.py</c> draws them: consecutive sentences up to a
/// length are cut at random into A and B; half the time B is replaced by a place of another document, and what stood there is
/// used again. Unlike there, a lone last sentence of a document gives no pair: its B could only be random, and the halves would
/// not be even.
/// </summary>
internal sealed class SentencePairs(ExampleOptions options, ExampleStore sentences, IReadOnlyList<long> documents, int clsId, int sepId)
{
    private readonly int _room = options.Length - 3;

    /// <summary>The pairs of all documents, gone through as often as the options say.</summary>
    public IEnumerable<PretrainingExample> Draw()
    {
        for (int pass = 0; pass < options.Duplicates; pass++)
        {
            ulong seed = SplitMix64.Derive(options.Seed, (ulong)pass);
            for (int document = 0; document < documents.Count - 1; document++)
            {
                foreach (PretrainingExample example in OfDocument(document, SplitMix64.Derive(seed, (ulong)document)))
                {
                    yield return example;
                }
            }
        }
    }

    private IEnumerable<PretrainingExample> OfDocument(int document, ulong seed)
    {
        SplitMix64 random = new(seed);
        for (long at = documents[document]; at < documents[document + 1];)
        {
            int target = random.NextUnit() < options.ShortShare ? 2 + random.NextBelow(_room - 1) : _room;
            List<int[]> chunk = Chunk(at, documents[document + 1], target, least: 2);
            if (chunk.Count < 2)
            {
                yield break;
            }

            int first = 1 + random.NextBelow(chunk.Count - 1);
            int[] a = Join(chunk[..first]), b = Join(chunk[first..]);
            bool isRandom = random.NextUnit() < 0.5;
            if (isRandom)
            {
                b = ElsewhereThan(document, Math.Max(1, target - a.Length), ref random);
            }

            at += isRandom ? first : chunk.Count;
            yield return Pair(a, b, isRandom, ref random);
        }
    }

    /// <summary>Sentences from a place on, until they have enough tokens and are enough, or the document ends.</summary>
    private List<int[]> Chunk(long from, long end, int tokens, int least)
    {
        List<int[]> chunk = [];
        int length = 0;
        while (from < end && (length < tokens || chunk.Count < least))
        {
            chunk.Add(sentences.Read(from++).Ids);
            length += chunk[^1].Length;
        }

        return chunk;
    }

    private int[] ElsewhereThan(int document, int tokens, ref SplitMix64 random)
    {
        int other = random.NextBelow(documents.Count - 2);
        other += other >= document ? 1 : 0;
        int length = (int)Math.Min(int.MaxValue, documents[other + 1] - documents[other]);
        return Join(Chunk(documents[other] + random.NextBelow(length), documents[other + 1], tokens, least: 1));
    }

    /// <summary>Joins both; of the longer one, tokens are dropped at the front or the back at random until they fit.</summary>
    private PretrainingExample Pair(int[] a, int[] b, bool isRandom, ref SplitMix64 random)
    {
        Range[] kept = [0..a.Length, 0..b.Length];
        for (int excess = a.Length + b.Length - _room; excess > 0; excess--)
        {
            ref Range longer = ref kept[Length(kept[0]) > Length(kept[1]) ? 0 : 1];
            longer = random.NextUnit() < 0.5 ? (longer.Start.Value + 1)..longer.End : longer.Start..(longer.End.Value - 1);
        }

        int[] ids = [clsId, .. a[kept[0]], sepId, .. b[kept[1]], sepId];
        return new PretrainingExample(ids, Length(kept[0]) + 2, isRandom ? 1 : 0);
    }

    private static int Length(Range range) => range.End.Value - range.Start.Value;

    private static int[] Join(List<int[]> parts) => [.. parts.SelectMany(part => part)];
}
