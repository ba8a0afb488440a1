namespace BertSharp;

/// <summary>
/// FULL-SENTENCES (Liu et al. 2019, RoBERTa): whole sentences end to end, as many as fit, beyond the end of a document too,
/// with a [SEP] there. Some examples, by a draw of their number, are one or two sentences of one document alone.
/// </summary>
internal sealed class PackedSentences(ExampleOptions options, int clsId, int sepId)
{
    private readonly List<int> _ids = [clsId];
    private long _number;
    private int _sentences;
    private int _mostSentences = MostSentences(options, 0);

    /// <summary>Examples of at most <see cref="ExampleOptions.Length"/> tokens; a sentence that is longer goes on in the next one.</summary>
    public IEnumerable<PretrainingExample> Of(IEnumerable<(int[] Ids, bool BeginsDocument)> sentences)
    {
        int room = options.Length - 2;
        foreach ((int[] sentence, bool begins) in sentences)
        {
            for (int at = 0; at < sentence.Length; at += room)
            {
                int length = Math.Min(room, sentence.Length - at);
                bool separated = begins && at == 0 && _sentences > 0;
                bool isFull = _ids.Count + (separated ? 1 : 0) + length + 1 > options.Length;
                bool isAlone = separated && _mostSentences < int.MaxValue;
                if (_sentences > 0 && (isFull || isAlone || _sentences == _mostSentences))
                {
                    yield return Close();
                    separated = false;
                }

                if (separated)
                {
                    _ids.Add(sepId);
                }

                _ids.AddRange(sentence.AsSpan(at, length));
                _sentences++;
            }
        }

        if (_sentences > 0)
        {
            yield return Close();
        }
    }

    private PretrainingExample Close()
    {
        _ids.Add(sepId);
        PretrainingExample example = new([.. _ids]);
        _ids.RemoveRange(1, _ids.Count - 1);
        _sentences = 0;
        _mostSentences = MostSentences(options, ++_number);
        return example;
    }

    private static int MostSentences(ExampleOptions options, long number)
    {
        SplitMix64 random = new(SplitMix64.Derive(options.Seed, (ulong)number));
        return random.NextUnit() < options.ShortShare ? 1 + random.NextBelow(2) : int.MaxValue;
    }
}
