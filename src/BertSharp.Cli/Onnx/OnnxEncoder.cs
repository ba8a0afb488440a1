namespace BertSharp.Cli.Onnx;

/// <summary>
/// Embeddings and layers as nodes (Devlin et al. 2018, section 3), with padding, which a standard graph has: B sequences,
/// S tokens of the longest. Nodes stand in the order that the fusions of ONNX Runtime look for.
/// </summary>
internal sealed class OnnxEncoder(OnnxGraph graph, OnnxWeights weights, OnnxLayers layers, BertConfig config)
{
    /// <summary>The hidden states [B, S, H] of ids, types (null: the model has one or none) and mask, all [B, S].</summary>
    public string Forward(string inputIds, string? tokenTypeIds, string attentionMask)
    {
        string x = Embeddings(inputIds, tokenTypeIds);
        string mask = AdditiveMask(attentionMask);
        for (int layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            string path = $"bert.encoder.layer.{layer}";
            x = Attention(path + ".attention", x, mask);
            x = FeedForward(path, x);
        }

        return x;
    }

    /// <summary>tanh(dense(first token)): [B, H].</summary>
    public string Pooler(string states)
    {
        graph.Scope = "bert.pooler";
        return graph.Add("Tanh", [layers.Linear("bert.pooler.dense", FirstToken(states))]);
    }

    /// <summary>The hidden state of the first token of each sequence: [B, H].</summary>
    public string FirstToken(string states) => graph.Add("Gather", [states, graph.Scalar(0L)], OnnxAttribute.Number("axis", 1));

    // LayerNorm(word + token type + position), then a projection where the embeddings have a width of their own (ELECTRA).
    private string Embeddings(string inputIds, string? tokenTypeIds)
    {
        const string Path = "bert.embeddings";
        graph.Scope = Path;
        string sum = Rows(Path + ".word_embeddings.weight", inputIds);
        if (weights.Has(Path + ".token_type_embeddings.weight"))
        {
            string type = Path + ".token_type_embeddings.weight";
            sum = graph.Add("Add", [sum, tokenTypeIds is null ? weights.Plain(type) : Rows(type, tokenTypeIds)]); // A single row is every token's.
        }

        sum = graph.Add("Add", [sum, Rows(Path + ".position_embeddings.weight", Positions(inputIds))]);
        string x = layers.LayerNorm(Path + ".LayerNorm", sum);
        return weights.Has("bert.embeddings_project.weight") ? layers.Linear("bert.embeddings_project", x) : x;
    }

    private string Rows(string table, string numbers) => graph.Add("Gather", [weights.Plain(table), numbers]);

    // 0 … S − 1; RoBERTa counts the tokens that are not padding, from pad_token_id + 1.
    private string Positions(string inputIds)
    {
        if (config.ModelType != "roberta")
        {
            string length = graph.Add("Gather", [graph.Add("Shape", [inputIds]), graph.Scalar(1L)]);
            return graph.Add("Range", [graph.Scalar(0L), length, graph.Scalar(1L)]);
        }

        string pad = graph.Scalar((long)config.PadTokenId);
        string token = graph.Add("Cast", [graph.Add("Not", [graph.Add("Equal", [inputIds, pad])])], OnnxAttribute.Number("to", OnnxGraph.Int64));
        string count = graph.Add("CumSum", [token, graph.Scalar(1L)]);
        return graph.Add("Add", [graph.Add("Mul", [count, token]), pad]);
    }

    // [B, 1, 1, S]: 0 at tokens; at padding the lowest float, not −∞, which would make NaN of a sequence of padding alone.
    private string AdditiveMask(string attentionMask)
    {
        graph.Scope = "attention_mask";
        string wide = graph.Add("Unsqueeze", [graph.Add("Unsqueeze", [attentionMask, graph.Constant(1)]), graph.Constant(2)]);
        string number = graph.Add("Cast", [wide], OnnxAttribute.Number("to", OnnxGraph.Float));
        return graph.Add("Mul", [graph.Add("Sub", [graph.Scalar(1f), number]), graph.Scalar(float.MinValue)]);
    }

    // softmax(Q·Kᵀ / √D + mask)·V (Vaswani et al. 2017, section 3.2), for N heads of size D.
    private string Attention(string path, string x, string mask)
    {
        graph.Scope = path;
        string query = Heads(path + ".self.query", x, 0, 2, 1, 3), key = Heads(path + ".self.key", x, 0, 2, 3, 1), value = Heads(path + ".self.value", x, 0, 2, 1, 3);
        string scores = graph.Add("Div", [graph.Add("MatMul", [query, key]), graph.Scalar(MathF.Sqrt(config.HeadSize))]);
        string probabilities = graph.Add("Softmax", [graph.Add("Add", [scores, mask])], OnnxAttribute.Number("axis", -1));
        string context = graph.Add("Transpose", [graph.Add("MatMul", [probabilities, value])], OnnxAttribute.Numbers("perm", 0, 2, 1, 3));
        string joined = graph.Add("Reshape", [context, graph.Constant(0, 0, config.HiddenSize)]);
        string output = layers.Linear(path + ".output.dense", joined);
        return layers.LayerNorm(path + ".output.LayerNorm", graph.Add("Add", [output, x]));
    }

    // [B, S, H] → [B, S, N, D], then the axes in the order asked for.
    private string Heads(string path, string x, params ReadOnlySpan<long> order)
    {
        string split = graph.Add("Reshape", [layers.Linear(path, x), graph.Constant(0, 0, config.NumAttentionHeads, config.HeadSize)]);
        return graph.Add("Transpose", [split], OnnxAttribute.Numbers("perm", order));
    }

    private string FeedForward(string path, string x)
    {
        graph.Scope = path;
        string inner = layers.Activation(config.HiddenAct, layers.Linear(path + ".intermediate.dense", x));
        string output = layers.Linear(path + ".output.dense", inner);
        return layers.LayerNorm(path + ".output.LayerNorm", graph.Add("Add", [output, x]));
    }
}
