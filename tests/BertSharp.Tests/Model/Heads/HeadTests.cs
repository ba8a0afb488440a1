namespace BertSharp.Tests;

/// <summary>Every head of every family that has it, against <see cref="NaiveBert"/>, through a saved checkpoint.</summary>
public sealed class HeadTests
{
    private static readonly int[] Lengths = [5, 1, 11, 7];

    public static TheoryData<string, HeadKind> Heads()
    {
        TheoryData<string, HeadKind> heads = [];
        foreach (Family family in Family.All)
        {
            foreach (HeadKind head in Enum.GetValues<HeadKind>().Where(head => family.ArchitectureOf(head) is not null))
            {
                heads.Add(family.ModelType, head);
            }
        }

        return heads;
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Every_head_agrees_with_the_twin(string modelType, HeadKind head)
    {
        using RandomModel random = Random(modelType, head);
        TokenBatch batch = random.Batch(1, Lengths);
        double[][][] last = [.. random.LastStates(batch)];
        NaiveBert twin = random.Twin;
        foreach ((Func<double[][], IEnumerable<double>> expected, float[] found) in Run(random, batch, twin))
        {
            RandomModel.AssertClose(last.SelectMany(expected), found);
        }
    }

    public static TheoryData<string, HeadKind> SequenceHeads()
    {
        TheoryData<string, HeadKind> heads = [];
        foreach (Family family in Family.All)
        {
            foreach (HeadKind head in new[] { HeadKind.SequenceClassification, HeadKind.MultipleChoice, HeadKind.NextSentencePrediction }.Where(head => family.ArchitectureOf(head) is not null))
            {
                heads.Add(family.ModelType, head);
            }
        }

        return heads;
    }

    [Theory]
    [MemberData(nameof(SequenceHeads))]
    public void A_head_of_whole_sequences_has_the_same_bits_from_first_tokens_alone(string modelType, HeadKind head)
    {
        using RandomModel random = Random(modelType, head);
        string folder = random.Save();
        TokenBatch batch = random.Batch(1, Lengths);
        using HeadOutput whole = new(), first = new();
        using PreTrainedModel model = head switch
        {
            HeadKind.SequenceClassification => BertForSequenceClassification.Load(folder),
            HeadKind.MultipleChoice => BertForMultipleChoice.Load(folder),
            _ => BertForNextSentencePrediction.Load(folder),
        };
        Forward(whole, ForwardOptions.Default);
        Forward(first, ForwardOptions.FirstTokens);
        Assert.Equal((batch.TokenCount, batch.Count), (whole.Encoder.LastHiddenState.Rows, first.Encoder.LastHiddenState.Rows));
        Assert.Equal(whole.Logits.ToArray(), first.Logits.ToArray());

        void Forward(HeadOutput output, ForwardOptions options)
        {
            if (model is BertForMultipleChoice choice)
            {
                choice.Forward(batch, choices: 2, output, options);
            }
            else
            {
                ((HeadModel<HeadOutput>)model).Forward(batch, output, options);
            }
        }
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    [InlineData("distilbert")]
    public void A_decoder_that_is_not_tied_has_its_own_weight(string modelType)
    {
        using RandomModel random = Random(modelType, HeadKind.MaskedLM, tied: false);
        TokenBatch batch = random.Batch(2, Lengths);
        using BertForMaskedLM model = BertForMaskedLM.Load(random.Save());
        using HeadOutput output = model.Forward(batch);
        RandomModel.AssertClose(random.LastStates(batch).SelectMany(last => last.SelectMany(random.Twin.MaskedLM)), output.Logits.Values.Span);
    }

    [Fact]
    public void A_tied_decoder_that_is_stored_as_well_changes_nothing()
    {
        using RandomModel random = Random("bert", HeadKind.MaskedLM);
        TokenBatch batch = random.Batch(3, Lengths);
        using BertForMaskedLM absent = BertForMaskedLM.Load(random.Save());
        using BertForMaskedLM present = BertForMaskedLM.Load(random.Save(tensors => [
            .. tensors,
            tensors[0] with { Name = "cls.predictions.decoder.weight" },
            tensors.Single(tensor => tensor.Name == "cls.predictions.bias") with { Name = "cls.predictions.decoder.bias" }]));
        using HeadOutput one = absent.Forward(batch), other = present.Forward(batch);
        Assert.Equal(one.Logits.ToArray(), other.Logits.ToArray());
    }

    [Fact]
    public void Logits_at_chosen_positions_are_those_rows_bit_for_bit()
    {
        using RandomModel random = Random("bert", HeadKind.PreTraining);
        using BertForPreTraining both = BertForPreTraining.Load(random.Save());
        using BertForMaskedLM model = BertForMaskedLM.Load(random.Save());
        TokenBatch batch = random.Batch(4, Lengths);
        int[] positions = [23, 0, 5, 5, 17];
        using HeadOutput all = model.Forward(batch), some = model.Forward(batch, positions), none = model.Forward(batch, []);
        using PreTrainingOutput pretraining = both.Forward(batch, positions);
        Assert.Equal(positions.SelectMany(position => all.Logits.Row(position).ToArray()), some.Logits.ToArray());
        Assert.Equal(some.Logits.ToArray(), pretraining.PredictionLogits.ToArray());
        Assert.Equal(0, none.Logits.Rows);
        int[] labels = [4, -100, 98, 0, 7];
        int[] wide = [.. Enumerable.Repeat(-100, batch.TokenCount)];
        (wide[23], wide[17]) = (4, 7);
        Assert.Equal(model.Loss(all, wide), model.Loss(some, [4, -100, -100, -100, 7]), 1e-12);
        Assert.Equal(model.Loss(some, labels) + 0.5 * RelationshipLosses(pretraining, [1, 0]), both.Loss(pretraining, labels, [1, -100, 0, -100]), 1e-12);
        Assert.Throws<ArgumentException>(() => model.Forward(batch, [24]));
        Assert.Throws<ArgumentException>(() => model.Forward(batch, [-1]));

        static double RelationshipLosses(PreTrainingOutput output, int[] labels) =>
            labels.Select((label, i) => Losses.NegativeLogLikelihood(output.SeqRelationshipLogits.Row(2 * i), label)).Sum();
    }

    [Fact]
    public void A_sequence_has_the_same_logits_alone_in_any_batch_and_on_one_thread()
    {
        using RandomModel random = Random("bert", HeadKind.MaskedLM);
        using BertForMaskedLM model = BertForMaskedLM.Load(random.Save());
        TokenBatch batch = random.Batch(5, 19, 3, 12, 19);
        using HeadOutput together = model.Forward(batch);
        for (int i = 0; i < batch.Count; i++)
        {
            using HeadOutput alone = model.Forward(batch.Select([i]));
            Assert.Equal(together.Logits.Slice(batch.SequenceOffsets[i], batch.Length(i)).ToArray(), alone.Logits.ToArray());
        }

        // A caller that finds the pool busy runs on its own thread.
        float[] single = [];
        int rented = WorkerPool.Shared.Rent(WorkerPool.Shared.Threads);
        try
        {
            Thread thread = new(() => single = model.Forward(batch).Logits.ToArray());
            thread.Start();
            thread.Join();
        }
        finally
        {
            WorkerPool.Shared.Return(rented);
        }

        Assert.Equal(together.Logits.ToArray(), single);
    }

    [Fact]
    public void Rows_beyond_one_chunk_are_computed_too()
    {
        BertConfig config = new() { VocabSize = 9, HiddenSize = 4, NumHiddenLayers = 1, NumAttentionHeads = 2, IntermediateSize = 3, MaxPositionEmbeddings = 600 };
        using RandomModel random = new(config with { Id2Label = ["a", "b", "c"] }, HeadKind.TokenClassification, seed: 6);
        using BertForTokenClassification model = BertForTokenClassification.Load(random.Save());
        TokenBatch batch = random.Batch(6, [.. Enumerable.Repeat(599, 15)]);
        using HeadOutput output = model.Forward(batch), last = model.Forward(batch.Select([14]));
        Assert.Equal(last.Logits.ToArray(), output.Logits.Slice(14 * 599, 599).ToArray());
        Assert.Equal(3, output.Logits.Columns);
    }

    [Fact]
    public void A_result_that_is_used_again_is_overwritten_and_says_when_it_is_disposed()
    {
        using RandomModel random = Random("bert", HeadKind.QuestionAnswering);
        using BertForQuestionAnswering model = BertForQuestionAnswering.Load(random.Save());
        QuestionAnsweringOutput kept = model.Forward(random.Batch(7, 9, 9));
        TokenBatch next = random.Batch(8, 4);
        using QuestionAnsweringOutput fresh = model.Forward(next);
        model.Forward(next, kept);
        Assert.Equal(fresh.StartLogits.ToArray(), kept.StartLogits.ToArray());
        Assert.Equal(fresh.EndLogits.ToArray(), kept.EndLogits.ToArray());
        kept.Dispose();
        Assert.Throws<ObjectDisposedException>(() => kept.StartLogits);
        Assert.Throws<ObjectDisposedException>(() => model.Forward(next, kept));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Forward(next));
    }

    [Fact]
    public void Random_weights_are_the_same_for_the_same_seed()
    {
        using RandomModel random = Random("bert", HeadKind.MaskedLM);
        BertConfig config = random.Config;
        using BertForMaskedLM one = BertForMaskedLM.Create(config, seed: 1), same = BertForMaskedLM.Create(config, seed: 1), other = BertForMaskedLM.Create(config, seed: 2);
        const string name = "cls.predictions.transform.dense.weight";
        Assert.Equal(one.GetParameter(name), same.GetParameter(name));
        Assert.NotEqual(one.GetParameter(name), other.GetParameter(name));
        Assert.Throws<ArgumentException>(() => BertForMaskedLM.Create(config with { ModelType = "electra", EmbeddingSize = 8 }));
    }

    [Fact]
    public void Sequences_that_are_not_whole_groups_of_choices_are_refused()
    {
        using RandomModel random = Random("bert", HeadKind.MultipleChoice);
        using BertForMultipleChoice model = BertForMultipleChoice.Load(random.Save());
        Assert.Throws<ArgumentException>(() => model.Forward(random.Batch(9, Lengths), choices: 3));
        Assert.Throws<ArgumentException>(() => model.Forward(random.Batch(9, Lengths), choices: 0));
        using HeadOutput output = model.Forward(random.Batch(9, Lengths), choices: 4);
        Assert.Equal((1, 4), (output.Logits.Rows, output.Logits.Columns));
    }

    /// <summary>Loads the head's class and runs it: what the twin computes from a sequence's last hidden state, and what the library gave.</summary>
    private static List<(Func<double[][], IEnumerable<double>> Expected, float[] Found)> Run(RandomModel random, TokenBatch batch, NaiveBert twin)
    {
        string folder = random.Save();
        switch (random.Head)
        {
            case HeadKind.None:
                using (BertModel model = BertModel.Load(folder))
                {
                    return [(last => last.SelectMany(x => x), model.Forward(batch).LastHiddenState.ToArray())];
                }

            case HeadKind.PreTraining:
                using (BertForPreTraining model = BertForPreTraining.Load(folder))
                {
                    PreTrainingOutput output = model.Forward(batch);
                    return [(last => last.SelectMany(twin.MaskedLM), output.PredictionLogits.ToArray()), (twin.NextSentence, output.SeqRelationshipLogits.ToArray())];
                }

            case HeadKind.MaskedLM:
                using (BertForMaskedLM model = BertForMaskedLM.Load(folder))
                {
                    return [(last => last.SelectMany(twin.MaskedLM), model.Forward(batch).Logits.ToArray())];
                }

            case HeadKind.NextSentencePrediction:
                using (BertForNextSentencePrediction model = BertForNextSentencePrediction.Load(folder))
                {
                    return [(twin.NextSentence, model.Forward(batch).Logits.ToArray())];
                }

            case HeadKind.SequenceClassification:
                using (BertForSequenceClassification model = BertForSequenceClassification.Load(folder))
                {
                    return [(twin.ClassifySequence, model.Forward(batch).Logits.ToArray())];
                }

            case HeadKind.TokenClassification:
                using (BertForTokenClassification model = BertForTokenClassification.Load(folder))
                {
                    return [(last => last.SelectMany(twin.ClassifyToken), model.Forward(batch).Logits.ToArray())];
                }

            case HeadKind.QuestionAnswering:
                using (BertForQuestionAnswering model = BertForQuestionAnswering.Load(folder))
                {
                    QuestionAnsweringOutput output = model.Forward(batch);
                    return [(last => last.Select(x => twin.StartAndEnd(x)[0]), output.StartLogits.ToArray()), (last => last.Select(x => twin.StartAndEnd(x)[1]), output.EndLogits.ToArray())];
                }

            case HeadKind.MultipleChoice:
                using (BertForMultipleChoice model = BertForMultipleChoice.Load(folder))
                {
                    return [(twin.Choice, model.Forward(batch, choices: 2).Logits.ToArray())];
                }

            case HeadKind.Discriminator:
                using (ElectraForPreTraining model = ElectraForPreTraining.Load(folder))
                {
                    return [(last => last.SelectMany(twin.Discriminate), model.Forward(batch).Logits.ToArray())];
                }

            default:
                throw new NotSupportedException($"{random.Head}");
        }
    }

    // SiLU, so that heads which always use another activation are told apart.
    private static RandomModel Random(string modelType, HeadKind head, bool tied = true) => new(
        new BertConfig
        {
            ModelType = modelType,
            VocabSize = 99,
            HiddenSize = 36,
            EmbeddingSize = modelType == "electra" ? 19 : 0,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            IntermediateSize = 33,
            MaxPositionEmbeddings = 23,
            TypeVocabSize = modelType == "distilbert" ? 0 : 2,
            PadTokenId = modelType == "roberta" ? 1 : 0,
            HiddenAct = HiddenAct.Silu,
            Id2Label = ["A", "B", "C", "D", "E"],
            TieWordEmbeddings = tied,
        },
        head,
        seed: 11);
}
