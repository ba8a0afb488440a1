using System.Text;

namespace BertSharp.Tests;

/// <summary>The readers of examples: what they take, and what they say of what they do not.</summary>
public sealed class ReadersTests
{
    [Theory]
    [InlineData("x.tsv", "text\tlabel\n\"a\" b\tgood\n\nc\tbad\n")]
    [InlineData("x.tsv", "\uFEFFlabel\ttext\r\ngood\t\"a\" b\r\nbad\tc")]
    [InlineData("x.csv", "text,label\n\"\"\"a\"\" b\",good\nc,\"bad\"\n")]
    [InlineData("x.tsv.gz", "text\tlabel\n\"a\" b\tgood\nc\tbad\n")]
    [InlineData("x.jsonl", "{\"text\": \"\\\"a\\\" b\", \"label\": \"good\"}\n{\"label\": \"bad\", \"text\": \"c\"}")]
    [InlineData("x.ndjson.gz", "{\"text\": \"\\\"a\\\" b\", \"labels\": [\"good\"]}\n\n{\"labels\": [\"bad\"], \"text\": \"c\"}")]
    public void Texts_are_read_from_every_format(string name, string text)
    {
        using TextFile file = new(name, text);
        IReadOnlyList<TextExample> examples = TextExample.Read(file.Path);
        Assert.Equal([("\"a\" b", null, "good"), ("c", null, "bad")], examples.Select(example => (example.Text, example.TextPair, example.Label)));
        Assert.All(examples, example => Assert.Matches("x[.a-z]+:[1-4]$", example.Place));
    }

    [Fact]
    public void Columns_are_given_by_number_or_title()
    {
        using TextFile plain = new("x.txt", "7;'a;b;1\n8;'c;d;0.5\n"), titled = new("x.jsonl", "{\"s\": \"a\", \"y\": 2}\n");
        DataOptions options = new() { Columns = DataOptions.ParseColumns("text=2,text_pair=3,label=4"), Delimiter = ';', Quoted = false, Header = false };
        IReadOnlyList<TextExample> examples = TextExample.Read(plain.Path, options);
        Assert.Equal([("'a", "b", 1.0), ("'c", "d", 0.5)], examples.Select(example => (example.Text, example.TextPair, example.Number)));
        TextExample named = Assert.Single(TextExample.Read(titled.Path, new DataOptions { Columns = DataOptions.ParseColumns("text=s,label=y") }));
        Assert.Equal(("a", "2"), (named.Text, named.Label));
    }

    [Fact]
    public void Several_labels_are_an_array_or_have_commas_between()
    {
        using TextFile table = new("x.tsv", "text\tlabels\na\tjoy, fear\nb\t\n"), lines = new("x.jsonl", "{\"text\": \"a\", \"labels\": [\"joy\", 3]}\n{\"text\": \"b\", \"labels\": []}\n{\"text\": \"c\"}");
        Assert.Equal([["joy", "fear"], []], TextExample.Read(table.Path).Select(example => example.Labels));
        Assert.Equal([["joy", "3"], [], null], TextExample.Read(lines.Path).Select(example => example.Labels));
    }

    [Theory]
    [InlineData("x.tsv", "text\tlabel\na\tb\nc\td\te\n", ":3: the row has 3 fields, the titles are 2")]
    [InlineData("x.tsv", "text\tlabel\na\n", ":2: the row has 1 fields, the titles are 2")]
    [InlineData("x.tsv", "sentence\tlabel\na\tb\n", ":1: no column 'text' among the titles sentence, label")]
    [InlineData("x.tsv", "text\tlabel\na\t\n", ":2: a label is empty")]
    [InlineData("x.tsv", "text\tlabel\n\tb\n", ":2: \"text\" is empty; expected a text")]
    [InlineData("x.tsv", "text\ttext_pair\na\t\n", ":2: \"text_pair\" is empty; expected a text")]
    [InlineData("x.csv", "text,label\n\"a\nb", ":2: a quoted field has no closing quote")]
    [InlineData("x.csv", "text,label\n\"a\" b,c", ":2: expected a comma after the quote")]
    [InlineData("x.jsonl", "{\"text\": \"a\"}\n{\"text\": 1}", ":2: \"text\" is Number; expected a string")]
    [InlineData("x.jsonl", "{\"label\": \"a\"}", ":1: the record has no \"text\"")]
    [InlineData("x.jsonl", "{\"text\": \"a\", \"label\": true}", ":1: \"label\" is True; expected a string or a number")]
    [InlineData("x.jsonl", "{\"text\": \"a\", \"label\": \"b\", \"labels\": []}", ":1: there is \"label\" and \"labels\"")]
    [InlineData("x.jsonl", "{\"text\": \"a\", \"labels\": [\"b\", \"b\"]}", ":1: a label stands twice")]
    [InlineData("x.jsonl", "{\"text\": \"a\"}\n{\"text\": \"a\", \"text_pair\": \"b\"}", ":2: the example has two texts, that of ")]
    [InlineData("x.jsonl", "{\"text\": \"a\"}\n[1]", ":2: expected a JSON object, found Array")]
    [InlineData("x.jsonl", "{\"text\": \"a\"", ":1: not a JSON object: ")]
    [InlineData("x.jsonl", "{\"text\": \"\\ud800\"}", ":1: a text has half of a surrogate pair")]
    [InlineData("x.txt", "a\tb\n", ": expected .jsonl, .tsv or .csv")]
    public void A_bad_row_is_named_with_what_was_expected(string name, string text, string problem)
    {
        using TextFile file = new(name, text);
        Assert.StartsWith(file.Path + problem, Assert.ThrowsAny<DataFileException>(() => TextExample.Read(file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_rows_are_passed_over_where_that_is_asked_for_and_each_is_told()
    {
        using TextFile file = new("x.tsv", "sentence1\tsentence2\tscore\na\tb\t1\nc\t\t2\nd\te\t2.111.111\nf\tg\nh\ti\t3\n");
        List<string> told = [];
        IReadOnlyList<ScoredPair> pairs = ScoredPair.Read(file.Path, new DataOptions { SkipBad = told.Add });
        Assert.Equal([1.0, 3.0], pairs.Select(pair => pair.Score));
        Assert.Equal([3, 4, 5], told.Select(message => int.Parse(message[(file.Path.Length + 1)..].Split(':')[0], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        using TextFile file = new("x.tsv", "a\tb\n");
        Assert.Contains("name 'txt'; such examples have text, text_pair, label, labels", Refused<ArgumentException>("txt=1", header: false), StringComparison.Ordinal);
        Assert.Contains("the column of 'text' must be a number", Refused<DataFileException>("text=title", header: false), StringComparison.Ordinal);
        Assert.Contains(":1: the row has 2 fields, expected at least 3", Refused<BadRecordException>("text=3", header: false), StringComparison.Ordinal);
        Assert.All(["text", "text=", "=1", "text=1,text=2", ""], columns => Assert.Throws<ArgumentException>(() => DataOptions.ParseColumns(columns)));
        Assert.Contains("there is no such file", Assert.Throws<DataFileException>(() => TextExample.Read(file.Path + ".tsv")).Message, StringComparison.Ordinal);

        string Refused<T>(string columns, bool header)
            where T : Exception => Assert.Throws<T>(() => TextExample.Read(file.Path, new DataOptions { Columns = DataOptions.ParseColumns(columns), Header = header })).Message;
    }

    [Fact]
    public void What_is_cut_off_or_not_utf8_is_an_error()
    {
        using TextFile file = new("x.tsv.gz", "text\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i * 7919 % 1_000_003}\n"))), latin = new("x.tsv", "");
        byte[] bytes = File.ReadAllBytes(file.Path);
        Assert.Equal(100_000, TextExample.Read(file.Path).Count);
        File.WriteAllBytes(file.Path, bytes[..(bytes.Length / 2)]);
        Assert.StartsWith(file.Path, Assert.ThrowsAny<DataFileException>(() => TextExample.Read(file.Path)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(latin.Path, Encoding.Latin1.GetBytes("text\ncafé\n"));
        Assert.Contains(":2: not UTF-8 text", Assert.Throws<BadRecordException>(() => TextExample.Read(latin.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_have_ids_in_order_of_first_sight_or_as_given()
    {
        LabelNames seen = LabelNames.OfFirstSight(["1", "0", "1"]), given = LabelNames.Given(["negative", "positive"]);
        Assert.Equal(["1", "0"], seen.Id2Label);
        Assert.Equal((1, 0), (seen.IdOf("0", "x:1"), seen.Positive));
        Assert.Equal((1, 1), (given.IdOf("positive", "x:1"), given.Positive));
        Assert.Equal("train.tsv:17: the label 'mixed' is none of negative, positive; correct it, or add it to --labels", Assert.Throws<BadRecordException>(() => given.IdOf("mixed", "train.tsv:17")).Message);
        Assert.Throws<ArgumentException>(() => LabelNames.Given(["a", "a"]));
    }

    [Fact]
    public void Words_with_tags_are_read_from_conll_and_jsonl()
    {
        using TextFile conll = new("x.conll", "-DOCSTART- -X- O\n\nAda NNP B-PER\nsings VBZ O\n\n\nHi UH O\n"), lines = new("x.jsonl", "{\"tokens\": [\"Ada\", \"sings\"], \"tags\": [\"B-PER\", \"O\"]}\n{\"tokens\": [\"Hi\"], \"tags\": [\"O\"]}");
        foreach (IReadOnlyList<TaggedWords> examples in (IReadOnlyList<TaggedWords>[])[TaggedWords.Read(conll.Path), TaggedWords.Read(lines.Path)])
        {
            Assert.Equal([["Ada", "sings"], ["Hi"]], examples.Select(example => example.Tokens));
            Assert.Equal([["B-PER", "O"], ["O"]], examples.Select(example => example.Tags));
        }

        Assert.EndsWith("x.conll:3", TaggedWords.Read(conll.Path)[0].Place, StringComparison.Ordinal);
        Assert.Equal(["NNP", "VBZ"], TaggedWords.Read(conll.Path, new DataOptions { Columns = DataOptions.ParseColumns("tags=2") })[0].Tags);
        Assert.Throws<ArgumentException>(() => TaggedWords.Read(conll.Path, new DataOptions { Columns = DataOptions.ParseColumns("tags=pos") }));
    }

    [Theory]
    [InlineData("x.conll", "Ada B-PER\nsings\n", ":2: expected a word with its tag in at least 2 columns, found 1")]
    [InlineData("x.conll", "Ada\tB-PER\nsings\tloud\tO\n", ":2: the line has 3 columns, those before have 2")]
    [InlineData("x.conll", "\tO\n", ":1: a column is empty")]
    [InlineData("x.jsonl", "{\"tokens\": [\"a\"], \"tags\": []}", ":1: there are 1 tokens and 0 tags")]
    [InlineData("x.jsonl", "{\"tokens\": [\"\"], \"tags\": [\"O\"]}", ":1: a token or a tag is empty")]
    [InlineData("x.jsonl", "{\"tokens\": \"a\", \"tags\": [\"O\"]}", ":1: \"tokens\" is String; expected an array")]
    public void Bad_words_are_named_with_what_was_expected(string name, string text, string problem)
    {
        using TextFile file = new(name, text);
        Assert.StartsWith(file.Path + problem, Assert.Throws<BadRecordException>(() => TaggedWords.Read(file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Questions_are_read_from_jsonl_with_places_in_code_points()
    {
        using TextFile file = new("x.jsonl", """
            {"id": "q", "question": "Who?", "context": "😀 Ada", "answers": {"text": ["Ada", "da"], "answer_start": [2, 3]}}
            {"question": "Who?", "context": "Ada", "answers": {"text": "Ada", "answer_start": 0}}
            {"question": "Who?", "context": "Ada", "answers": [{"text": "A", "answer_start": 0}]}
            {"question": "Who?", "context": "Ada", "answers": {"text": [], "answer_start": []}}
            """);
        IReadOnlyList<SquadQuestion> questions = SquadQuestion.Read(file.Path);
        Assert.Equal([[new SquadAnswer("Ada", 3), new SquadAnswer("da", 4)], [new SquadAnswer("Ada", 0)], [new SquadAnswer("A", 0)], []], questions.Select(question => question.Answers));
        Assert.Equal(("q", file.Path + ":2"), (questions[0].Id, questions[1].Id));
    }

    [Theory]
    [InlineData("x.jsonl", """{"question": "Who?", "context": "Ada", "answers": {"text": ["Ada"], "answer_start": [1]}}""", ":1: answers: the context does not have the answer 'Ada' at 1")]
    [InlineData("x.jsonl", """{"question": "Who?", "context": "Ada", "answers": {"text": ["Ada"], "answer_start": []}}""", ":1: answers: there are 1 texts and 0 of answer_start")]
    [InlineData("x.jsonl", """{"question": "Who?", "context": "Ada", "answers": [{"text": "Ada", "answer_start": "x"}]}""", ":1: answers[0]: the context does not have the answer")]
    [InlineData("x.jsonl", """{"question": "Who?", "context": "Ada", "answers": [{"text": "Ada", "answer_start": 99}]}""", ":1: answers[0]: the context does not have the answer")]
    [InlineData("x.jsonl", """{"question": "", "context": "Ada", "answers": []}""", ":1: \"question\" is empty")]
    [InlineData("x.jsonl", """{"question": "Who?", "context": "Ada"}""", ":1: expected an array \"answers\"")]
    [InlineData("x.json", """{"data": [{"paragraphs": [{"context": "Ada", "qas": [{"id": "1"}]}]}]}""", ": data[0]: paragraphs[0]: qas[0]: the record has no \"question\"")]
    [InlineData("x.json", """{"data": 1}""", ": expected an array \"data\"")]
    [InlineData("x.json", "{", ": not the JSON of SQuAD: ")]
    public void Bad_questions_are_named_with_what_was_expected(string name, string text, string problem)
    {
        using TextFile file = new(name, text);
        Assert.StartsWith(file.Path + problem, Assert.ThrowsAny<DataFileException>(() => SquadQuestion.Read(file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choices_triplets_and_scored_pairs_are_read()
    {
        using TextFile choices = new("c.jsonl", "{\"text\": \"a\", \"choices\": [\"b\", \"c\"], \"label\": 1}");
        using TextFile triplets = new("t.tsv", "anchor\tpositive\tnegative\na\tb\tc\n"), pairs = new("p.csv", "sentence1,sentence2,score\n\"a, b\",c,3.5\n");
        Assert.Equal(("a", 1), (ChoiceExample.Read(choices.Path)[0].Text, ChoiceExample.Read(choices.Path)[0].Label));
        Assert.Equal(new TextTriplet("a", "b", "c", triplets.Path + ":2"), TextTriplet.Read(triplets.Path)[0]);
        Assert.Equal(new ScoredPair("a, b", "c", 3.5, pairs.Path + ":2"), ScoredPair.Read(pairs.Path)[0]);
        Refused("{\"text\": \"a\", \"choices\": [\"b\", \"c\"], \"label\": 2}", "\"label\" is '2'; expected the number of the right choice, 0 to 1");
        Refused("{\"text\": \"a\", \"choices\": [\"b\"], \"label\": 0}", "there are 1 choices; expected at least two");

        static void Refused(string line, string problem)
        {
            using TextFile file = new("c.jsonl", line);
            Assert.Contains(problem, Assert.Throws<BadRecordException>(() => ChoiceExample.Read(file.Path)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("3.5", true)]
    [InlineData("-1e-3", true)]
    [InlineData("3,5", false)]
    [InlineData("NaN", false)]
    [InlineData("1e999", false)]
    [InlineData("", false)]
    public void Numbers_are_finite_and_without_separators(string text, bool expected) => Assert.Equal(expected, DataRecord.NumberOf(text) is not null);

    [Theory]
    [InlineData("q.txt", "1 0 5 1\n1 0 5 0\n", ":2: document 5 is judged for query 1 a second time")]
    [InlineData("q.txt", "1 0 5\n", ":1: the line has 3 parts; expected four")]
    [InlineData("q.tsv", "query-id\tcorpus-id\tscore\n1\t5\tyes\n", ":2: the grade is 'yes'")]
    public void Bad_judgments_are_named_with_what_was_expected(string name, string text, string problem)
    {
        using TextFile file = new(name, text);
        Assert.StartsWith(file.Path + problem, Assert.Throws<BadRecordException>(() => RelevanceJudgments.Read(file.Path)).Message, StringComparison.Ordinal);
    }
}
