namespace BertSharp.Tests;

public sealed class EmbeddingDataTests
{
    private static readonly string[] Sentences = ["the fox jumped", "hello world", "unaffable foxes jump", "hello fox", "the world"];

    [Fact]
    public void Each_sentence_of_3_to_64_words_is_collected_once()
    {
        using CheckpointFiles files = new();
        string first = files.Write("a.txt", $"One two three. One two. One two three.\n\nIt has a\nbreak. {string.Join(' ', Enumerable.Repeat("word", 65))}.\n");
        string second = files.Write("b.txt", "It has a break. And one more sentence.");
        SentenceCollection.Write([first, second], files.Path("all.txt"), 100);
        Assert.Equal(["One two three.", "It has a break.", "And one more sentence."], File.ReadAllLines(files.Path("all.txt")));
        SentenceCollection.Write([first, second], files.Path("two.txt"), 2);
        Assert.Equal(2, File.ReadAllLines(files.Path("two.txt")).Length);
        string nothing = files.Write("c.txt", "One two.");
        Assert.Contains("3 to 64 words", Assert.Throws<DataFileException>(() => SentenceCollection.Write([nothing], files.Path("none.txt"), 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_read_by_number()
    {
        using CheckpointFiles files = new();
        using LineFile lines = new(files.Write("a.txt", "first\nsecond é\n\nlast"));
        Assert.Equal(["last", "", "second é", "first"], Enumerable.Range(0, lines.Count).Reverse().Select(line => lines[line]));
    }

    [Fact]
    public void A_teacher_is_asked_once_and_again_where_a_row_is_damaged()
    {
        using TinyTask task = new(HeadKind.None);
        using CheckpointFiles files = new();
        using LineFile lines = new(files.Write("a.txt", string.Join('\n', Sentences)));
        using SentenceEmbedder embedder = SentenceEmbedder.Load(task.Folder);
        float[] expected = [.. Sentences.SelectMany(text => embedder.Embed(text)).Select(value => (float)(Half)value)];
        float[] Read(params long[] numbers)
        {
            using TeacherEmbeddings teacher = new(files.Path("teacher.f16"), lines, task.Folder);
            float[] values = new float[numbers.Length * teacher.Dimension];
            teacher.Read(numbers, values, TestContext.Current.CancellationToken);
            return values;
        }

        int width = expected.Length / Sentences.Length;
        Assert.Equal(expected[(3 * width)..(4 * width)], Read(3));
        byte[] bytes = File.ReadAllBytes(files.Path("teacher.f16"));
        Assert.Equal(expected, Read(0, 1, 2, 3, 4));
        Assert.Equal(bytes[^((width * 2) + 4)..], File.ReadAllBytes(files.Path("teacher.f16"))[(bytes.Length - (width * 2) - 4)..bytes.Length]);

        // A row that is half written, one that was changed, and a whole file of another teacher.
        bytes = File.ReadAllBytes(files.Path("teacher.f16"));
        bytes[^60] ^= 1;
        bytes[100] ^= 1;
        File.WriteAllBytes(files.Path("teacher.f16"), bytes[..^2]);
        Assert.Equal(expected, Read(0, 1, 2, 3, 4));
        bytes[9] ^= 1;
        File.WriteAllBytes(files.Path("teacher.f16"), bytes);
        Assert.Equal(expected, Read(0, 1, 2, 3, 4));
    }

    [Fact]
    public void Steps_have_all_first_texts_before_all_second_ones_and_every_example_once_a_pass()
    {
        TextTriplet[] triplets = [.. Enumerable.Range(0, 7).Select(i => new TextTriplet($"a{i}", $"p{i}", $"n{i}", "x"))];
        foreach (bool distinct in new[] { false, true })
        {
            LabelledTexts data = LabelledTexts.Of(triplets, 3, 1, distinct);
            Assert.Equal(3, data.StepsPerEpoch);
            EmbeddingStep[] steps = [.. Enumerable.Range(0, 3).Select(step => data.Draw(step, default))];
            Assert.All(steps, step => Assert.Equal(step.Texts.Take(step.Texts.Count / 3).Select(text => text[1..]), step.Texts.Skip(step.Texts.Count / 3 * 2).Select(text => text[1..])));
            Assert.Equal(triplets.Select(triplet => triplet.Positive), steps.SelectMany(step => step.Texts).Where(text => text[0] == 'p').Order());
            Assert.NotEqual(steps.SelectMany(step => step.Texts), Enumerable.Range(3, 3).SelectMany(step => data.Draw(step, default).Texts));
        }
    }

    [Fact]
    public void Scores_are_brought_to_those_of_cosines()
    {
        LabelledTexts data = LabelledTexts.Of([new ScoredPair("a", "b", 5, "x"), new ScoredPair("c", "d", 1, "x")], 2, 1);
        EmbeddingStep step = data.Draw(0, default);
        Assert.Equal(step.Texts[0] == "a" ? [1f, 0.2f] : [0.2f, 1f], step.Targets);
    }

    [Fact]
    public void Examples_that_do_not_fit_are_refused_with_their_place()
    {
        BadRecordException some = Assert.Throws<BadRecordException>(() => LabelledTexts.Of([new TextTriplet("a", "b", null, "t:1"), new TextTriplet("a", "b", "c", "t:2")], 2, 1, distinct: true));
        Assert.StartsWith("t:2", some.Message, StringComparison.Ordinal);
        Assert.StartsWith("t:3", Assert.Throws<BadRecordException>(() => LabelledTexts.Of([new ScoredPair("a", "b", -2, "t:3")], 2, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<DataFileException>(() => LabelledTexts.Of(Array.Empty<ScoredPair>(), 2, 1));
    }
}
