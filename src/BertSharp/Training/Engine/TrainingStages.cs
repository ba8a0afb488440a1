namespace BertSharp;

/// <summary>What stands behind the encoder of each class of model while it is trained, with the dropout that Hugging Face gives it.</summary>
internal static class TrainingStages
{
    /// <summary>The heads of a model with their losses.</summary>
    /// <exception cref="ArgumentException">The model has no head.</exception>
    public static TrainingStage[] Of(PreTrainedModel model)
    {
        (BertConfig config, ModelParameters parameters) = (model.Config, model.Parameters);
        Linear? pooler = model.Encoder.Pooler;
        HeadStage Stage(Linear? before, PredictionHead head, HeadLoss loss) => new(before, head, loss, config.HiddenSize);
        return model.Head switch
        {
            HeadKind.MaskedLM => [Stage(null, HeadLayers.MaskedLanguageModel(config, parameters), new TokenClassLoss("masked_lm"))],
            HeadKind.PreTraining =>
            [
                Stage(null, HeadLayers.MaskedLanguageModel(config, parameters), new TokenClassLoss("masked_lm")),
                Stage(pooler, HeadLayers.Plain("cls.seq_relationship", parameters), new SequenceClassLoss("next_sentence")),
            ],
            HeadKind.NextSentencePrediction => [Stage(pooler, HeadLayers.Plain("cls.seq_relationship", parameters), new SequenceClassLoss("next_sentence"))],
            HeadKind.SequenceClassification => [Stage(pooler, HeadLayers.SequenceClassifier(config, parameters), ClassifierLoss(config))],
            HeadKind.MultipleChoice => [Stage(pooler, HeadLayers.Choice(config, parameters), new ChoiceLoss())],
            HeadKind.TokenClassification => [Stage(null, HeadLayers.Plain("classifier", parameters), new TokenClassLoss("tokens"))],
            HeadKind.QuestionAnswering => [Stage(null, HeadLayers.Plain("qa_outputs", parameters), new AnswerLoss())],
            HeadKind.Discriminator => [Stage(null, HeadLayers.Discriminator(config, parameters), new DiscriminatorLoss())],
            _ => throw new ArgumentException("A model without a head has no loss of its own: load it with a head."),
        };
    }

    /// <summary>What a model drops.</summary>
    /// <param name="model">The model.</param>
    /// <param name="share">Instead of what its configuration says of hidden states and attention; null: that.</param>
    public static DropoutProbabilities DropoutOf(PreTrainedModel model, double? share = null)
    {
        BertConfig config = share is { } given ? model.Config with { HiddenDropoutProb = given, AttentionProbsDropoutProb = given } : model.Config;
        Family family = Family.Of(config);
        float hidden = (float)config.HiddenDropoutProb, head = (float)(config.ClassifierDropout ?? config.HiddenDropoutProb);
        bool isSequence = model.Head is HeadKind.SequenceClassification or HeadKind.MultipleChoice;
        bool twoLayers = model.Head == HeadKind.SequenceClassification && family.HasTwoLayerClassifier;
        bool preClassifier = isSequence && family.HasPreClassifier;

        // DistilBERT drops nothing behind attention; its classifier of tokens, as its question answering, drops what goes in.
        return new DropoutProbabilities(
            hidden,
            family == Family.DistilBert ? 0 : hidden,
            (float)config.AttentionProbsDropoutProb,
            (isSequence && !preClassifier) || model.Head == HeadKind.TokenClassification ? TokenOr(head, model.Head, family, hidden)
                : model.Head == HeadKind.QuestionAnswering ? (float)(config.QaDropout ?? 0) : 0,
            twoLayers || preClassifier ? head : 0);
    }

    // DistilBertForTokenClassification has the dropout of hidden states, not that of its sequence classifier.
    private static float TokenOr(float head, HeadKind kind, Family family, float hidden) =>
        kind == HeadKind.TokenClassification && family == Family.DistilBert ? hidden : head;

    private static HeadLoss ClassifierLoss(BertConfig config) => config.ProblemType switch
    {
        "regression" => new SequenceTargetLoss(isMultiLabel: false),
        "multi_label_classification" => new SequenceTargetLoss(isMultiLabel: true),
        null when config.NumLabels == 1 => new SequenceTargetLoss(isMultiLabel: false),
        _ => new SequenceClassLoss("classes"),
    };
}
