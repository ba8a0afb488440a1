namespace BertSharp.Cli.Tests.Onnx;

/// <summary>What this library computes, under the names of the graph's outputs, sequences end to end without padding.</summary>
internal static class OwnOutputs
{
    public static Dictionary<string, float[]> Of(string folder, HeadKind head, TokenBatch batch) => head switch
    {
        HeadKind.None => Encoder(folder, batch),
        HeadKind.PreTraining => PreTraining(folder, batch),
        HeadKind.MaskedLM => Logits(BertForMaskedLM.Load(folder), batch),
        HeadKind.NextSentencePrediction => Logits(BertForNextSentencePrediction.Load(folder), batch),
        HeadKind.SequenceClassification => Logits(BertForSequenceClassification.Load(folder), batch),
        HeadKind.TokenClassification => Logits(BertForTokenClassification.Load(folder), batch),
        HeadKind.QuestionAnswering => Answers(folder, batch),
        HeadKind.MultipleChoice => Choices(folder, batch),
        HeadKind.Discriminator => Logits(ElectraForPreTraining.Load(folder), batch),
        _ => throw new ArgumentOutOfRangeException(nameof(head)),
    };

    private static Dictionary<string, float[]> Encoder(string folder, TokenBatch batch)
    {
        using var model = BertModel.Load(folder);
        using BertOutput output = model.Forward(batch);
        Dictionary<string, float[]> outputs = new() { ["last_hidden_state"] = output.LastHiddenState.ToArray() };
        if (output.HasPoolerOutput)
        {
            outputs["pooler_output"] = output.PoolerOutput.ToArray();
        }

        return outputs;
    }

    private static Dictionary<string, float[]> PreTraining(string folder, TokenBatch batch)
    {
        using var model = BertForPreTraining.Load(folder);
        using PreTrainingOutput output = model.Forward(batch);
        return new() { ["prediction_logits"] = output.PredictionLogits.ToArray(), ["seq_relationship_logits"] = output.SeqRelationshipLogits.ToArray() };
    }

    private static Dictionary<string, float[]> Answers(string folder, TokenBatch batch)
    {
        using var model = BertForQuestionAnswering.Load(folder);
        using QuestionAnsweringOutput output = model.Forward(batch);
        return new() { ["start_logits"] = output.StartLogits.ToArray(), ["end_logits"] = output.EndLogits.ToArray() };
    }

    private static Dictionary<string, float[]> Choices(string folder, TokenBatch batch)
    {
        using var model = BertForMultipleChoice.Load(folder);
        using HeadOutput output = model.Forward(batch, choices: 2);
        return new() { ["logits"] = output.Logits.ToArray() };
    }

    private static Dictionary<string, float[]> Logits(HeadModel<HeadOutput> model, TokenBatch batch)
    {
        using (model)
        using (HeadOutput output = model.Forward(batch))
        {
            return new() { ["logits"] = output.Logits.ToArray() };
        }
    }
}
