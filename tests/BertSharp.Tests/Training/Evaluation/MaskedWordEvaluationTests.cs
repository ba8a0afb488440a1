using System.Globalization;

namespace BertSharp.Tests;

/// <summary>Masked words against counts over strings, and against a model that is run an example at a time.</summary>
public sealed class MaskedWordEvaluationTests
{
    private static readonly BertTokenizer Tokenizer = RandomDocuments.Tokenizer;

    [Fact]
    public void Masked_words_are_whole_and_stand_between_their_neighbours()
    {
        WordKeys keys = new(Tokenizer);
        int[] ids = Ids("[CLS] 12 12 ##3 4 [SEP] 5 99 ##9 [SEP]");
        MaskedBatch batch = Batch(ids, masked: [2, 3, 6]);
        ulong[] words = keys.Of(ids);
        Assert.Equal(5, words.Distinct().Count());
        Assert.Equal([new MaskedWord(words[1], words[0], words[2], 2), new MaskedWord(words[3], words[2], words[4], 1)], keys.MaskedIn(batch));
        Assert.Equal([new MaskedWord(words[0], WordKeys.Border, words[1], 1), new MaskedWord(words[4], words[3], WordKeys.Border, 2)], keys.MaskedIn(Batch(ids, masked: [1, 7, 8])));
    }

    [Fact]
    public void Counting_guesses_between_the_neighbours_then_behind_the_left_one_then_the_commonest()
    {
        using CheckpointFiles files = new();
        using PretrainingData text = Open(files, "1 2 3\n1 2 3\n1 5 3\n1 5 4\n1 5 4\n8 8 8 8\n8 8 8 8 8", "counted");
        WordKeys keys = new(Tokenizer);
        Assert.Equal(("2", "5", "5", "8"), (Guess(1, 3), Guess(1, 4), Guess(1, 77), Guess(77, 3)));

        string Guess(int left, int right)
        {
            MaskedWord place = new(0, Key(left), Key(right), 1);
            ulong guess = NeighbourCounts.Of(text, keys, [place], default).Guess(place, lettered: true);
            return Enumerable.Range(0, 100).Single(word => Key(word) == guess).ToString(CultureInfo.InvariantCulture);
        }

        ulong Key(int word) => keys.Of(Ids(word.ToString(CultureInfo.InvariantCulture)))[0];
    }

    [Fact]
    public void Punctuation_marks_are_words_that_a_guess_may_leave_out()
    {
        BertTokenizer tokenizer = BertTokenizer.FromVocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ",", "yes", "no", "##,"]);
        WordKeys keys = new(tokenizer);
        ulong[] words = keys.Of([5, 6, 7]);
        Assert.Equal([true, false, false], words.Select(keys.IsPunctuation));
        using CheckpointFiles files = new();
        File.WriteAllText(files.Path("text.txt"), "yes, no, yes, yes,");
        PretrainingExamples.Write([files.Path("text.txt")], tokenizer, files.Path("store"), new ExampleOptions { Length = 16, ShortShare = 0 });
        using PretrainingData text = PretrainingData.Open([(files.Path("store"), 1)], tokenizer, 1);
        NeighbourCounts counts = NeighbourCounts.Of(text, keys, [], default);
        Assert.Equal((words[0], words[1]), (counts.Guess(lettered: false), counts.Guess(lettered: true)));
    }

    [Fact]
    public void The_figures_are_those_of_a_model_that_runs_an_example_at_a_time()
    {
        using CheckpointFiles files = new();
        using PretrainingData heldOut = Open(files, RandomDocuments.Text(3, 30, 12), "held-out"), counted = Open(files, RandomDocuments.Text(5, 40, 12, seed: 2), "counted");
        BertConfig config = new() { VocabSize = Tokenizer.VocabSize, HiddenSize = 32, NumHiddenLayers = 1, NumAttentionHeads = 2, IntermediateSize = 32, MaxPositionEmbeddings = 64, InitializerRange = 0.5 };
        using BertForMaskedLM model = BertForMaskedLM.Create(config, seed: 3);
        Dictionary<string, double> figures = new(MaskedWordEvaluation.Of(Tokenizer, model, heldOut, counted, progress: null, cancellation: default));

        (double loss, int right, List<string> truth) = RunOneByOne(model, heldOut);
        string[] corpus = [.. Examples(counted).SelectMany(Words)];
        string commonest = corpus.CountBy(word => word).MaxBy(pair => pair.Value).Key;
        Assert.Equal(loss, figures["loss"], 1e-5);
        Assert.Equal(Math.Exp(loss), figures["perplexity"], 1e-3);
        Assert.Equal(truth.Count, figures["words"]);
        Assert.Equal((double)right / truth.Count, figures["word_accuracy"], 1e-12);
        Assert.Equal(truth.Count(word => word == commonest) / (double)truth.Count, figures["commonest_word"], 1e-12);
        Assert.InRange(figures["commonest_between_neighbours"], 0, 0.1); // Numbers at random have no neighbours that tell them.
        Assert.Equal(figures["word_accuracy"], figures["word_accuracy_without_punctuation"]);
        Assert.Equal(figures, new Dictionary<string, double>(MaskedWordEvaluation.Of(Tokenizer, model, heldOut, counted, progress: null, cancellation: default)));
        Assert.DoesNotContain("commonest_word", MaskedWordEvaluation.Of(Tokenizer, model, heldOut, null, progress: null, cancellation: default).Select(figure => figure.Key));
    }

    private static (double Loss, int Right, List<string> Words) RunOneByOne(BertForMaskedLM model, PretrainingData heldOut)
    {
        double loss = 0;
        int right = 0, pieces = 0;
        List<string> words = [];
        for (int example = 0; example < heldOut.Count; example++)
        {
            MaskedBatch one = heldOut.Batch(example, 1, PretrainingScore.Masking);
            using HeadOutput output = model.Forward(new TokenBatch(one.InputIds, one.TokenTypeIds, one.Offsets));
            string word = "";
            bool isRight = true;
            for (int i = 1; i < one.Labels.Length; i++)
            {
                // A word ends before a token that does not continue it.
                if (word.Length > 0 && !(one.Labels[i] != TokenMasking.NotPredicted && Tokenizer.TokenOf(one.Labels[i]).StartsWith('#')))
                {
                    words.Add(word);
                    right += isRight ? 1 : 0;
                    (word, isRight) = ("", true);
                }

                if (one.Labels[i] != TokenMasking.NotPredicted)
                {
                    double[] row = [.. output.Logits.Row(i).ToArray().Select(logit => (double)logit)];
                    loss += Math.Log(row.Sum(Math.Exp)) - row[one.Labels[i]];
                    pieces++;
                    isRight &= row.Max() == row[one.Labels[i]];
                    word += Tokenizer.TokenOf(one.Labels[i]).TrimStart('#');
                }
            }
        }

        return (loss / pieces, right, words);
    }

    private static IEnumerable<int[]> Examples(PretrainingData data) =>
        Enumerable.Range(0, (int)data.Count).Select(example => data.Batch(example, 1, new MaskingOptions { Share = 0 }).InputIds);

    private static string[] Words(int[] ids) => string.Join(' ', ids.Where(id => !Tokenizer.IsSpecial(id)).Select(Tokenizer.TokenOf)).Replace(" ##", "", StringComparison.Ordinal).Split(' ');

    private static int[] Ids(string tokens) => [.. tokens.Split(' ').Select(token => Tokenizer.IdOf(token)!.Value)];

    private static PretrainingData Open(CheckpointFiles files, string text, string name) =>
        PretrainingData.Open([(RandomDocuments.Store(files, text, new ExampleOptions { Length = 32, ShortShare = name == "counted" ? 1 : 0 }, name), 1)], Tokenizer, 1);

    private static MaskedBatch Batch(int[] ids, int[] masked) => new()
    {
        Count = 1,
        InputIds = [.. ids.Select((id, i) => masked.Contains(i) ? Tokenizer.MaskId : id)],
        TokenTypeIds = new int[ids.Length],
        Offsets = [0, ids.Length],
        Labels = [.. ids.Select((id, i) => masked.Contains(i) ? id : TokenMasking.NotPredicted)],
        NextSentence = [],
    };
}
