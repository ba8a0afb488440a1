namespace BertSharp.Cli.Onnx;

/// <summary>The heads as nodes; the outputs have the names and shapes of transformers' classes.</summary>
internal sealed class OnnxHeads(OnnxGraph graph, OnnxWeights weights, OnnxLayers layers, OnnxEncoder encoder, BertConfig config)
{
    /// <summary>Adds a head on hidden states [B, S, H], and the outputs of the graph.</summary>
    /// <param name="head">The head.</param>
    /// <param name="states">The last hidden state.</param>
    /// <param name="inputIds">The input [batch, num_choices, sequence] of multiple choice.</param>
    public void Add(HeadKind head, string states, string inputIds)
    {
        graph.Scope = "head";
        switch (head)
        {
            case HeadKind.None:
                Encoder(states);
                break;
            case HeadKind.PreTraining:
                graph.Output("prediction_logits", MaskedLanguageModel(states), "batch", "sequence", Size(config.VocabSize));
                graph.Output("seq_relationship_logits", layers.Linear("cls.seq_relationship", encoder.Pooler(states)), "batch", "2");
                break;
            case HeadKind.MaskedLM:
                graph.Output("logits", MaskedLanguageModel(states), "batch", "sequence", Size(config.VocabSize));
                break;
            case HeadKind.NextSentencePrediction:
                graph.Output("logits", layers.Linear("cls.seq_relationship", encoder.Pooler(states)), "batch", "2");
                break;
            case HeadKind.SequenceClassification:
                graph.Output("logits", SequenceClassifier(states), "batch", Size(config.NumLabels));
                break;
            case HeadKind.TokenClassification:
                graph.Output("logits", layers.Linear("classifier", states), "batch", "sequence", Size(config.NumLabels));
                break;
            case HeadKind.QuestionAnswering:
                Span(layers.Linear("qa_outputs", states));
                break;
            case HeadKind.MultipleChoice:
                graph.Output("logits", Choices(SequenceClassifier(states), inputIds), "batch", "num_choices");
                break;
            case HeadKind.Discriminator:
                graph.Output("logits", Discriminator(states), "batch", "sequence");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(head), head, "Not a head.");
        }
    }

    private void Encoder(string states)
    {
        graph.Output("last_hidden_state", states, "batch", "sequence", Size(config.HiddenSize));
        if (weights.Has("bert.pooler.dense.weight"))
        {
            graph.Output("pooler_output", encoder.Pooler(states), "batch", Size(config.HiddenSize));
        }
    }

    // dense, activation, LayerNorm, then the decoder: the word embeddings themselves where it is tied to them.
    private string MaskedLanguageModel(string states)
    {
        HiddenAct act = config.ModelType == "roberta" ? HiddenAct.Gelu : config.HiddenAct;
        string x = layers.Activation(act, layers.Linear("cls.predictions.transform.dense", states));
        x = layers.LayerNorm("cls.predictions.transform.LayerNorm", x);
        string decoder = weights.Has("cls.predictions.decoder.weight")
            ? weights.Transposed("cls.predictions.decoder.weight")
            : graph.Add("Transpose", [weights.Plain("bert.embeddings.word_embeddings.weight")], OnnxAttribute.Numbers("perm", 1, 0));
        return graph.Add("Add", [graph.Add("MatMul", [x, decoder]), weights.Plain("cls.predictions.bias")]);
    }

    // BERT: on the pooled output. DistilBERT, RoBERTa and ELECTRA: on the first token, with a layer before of the head's own.
    private string SequenceClassifier(string states)
    {
        if (weights.Has("bert.pooler.dense.weight"))
        {
            return layers.Linear("classifier", encoder.Pooler(states));
        }

        string first = encoder.FirstToken(states);
        return config.ModelType switch
        {
            "distilbert" => layers.Linear("classifier", layers.Activation(HiddenAct.Relu, layers.Linear("pre_classifier", first))),
            "roberta" => layers.Linear("classifier.out_proj", layers.Activation(HiddenAct.Tanh, layers.Linear("classifier.dense", first))),
            "electra" => layers.Linear("classifier.out_proj", layers.Activation(HiddenAct.Gelu, layers.Linear("classifier.dense", first))),
            _ => throw new ArgumentOutOfRangeException(nameof(states), config.ModelType, "Not a family without a pooler."),
        };
    }

    private void Span(string both)
    {
        foreach ((string name, long column) in (ReadOnlySpan<(string, long)>)[("start_logits", 0), ("end_logits", 1)])
        {
            graph.Output(name, graph.Add("Gather", [both, graph.Scalar(column)], OnnxAttribute.Number("axis", -1)), "batch", "sequence");
        }
    }

    // [batch · num_choices, 1] → [batch, num_choices].
    private string Choices(string scores, string inputIds) =>
        graph.Add("Reshape", [scores, graph.Add("Slice", [graph.Add("Shape", [inputIds]), graph.Constant(0), graph.Constant(2)])]);

    private string Discriminator(string states)
    {
        string x = layers.Activation(config.HiddenAct, layers.Linear("discriminator_predictions.dense", states));
        return graph.Add("Squeeze", [layers.Linear("discriminator_predictions.dense_prediction", x), graph.Constant(-1)]);
    }

    private static string Size(int size) => size.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
