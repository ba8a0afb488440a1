namespace BertSharp.Tests;

/// <summary>
/// The slow twin: the whole family in double, one sequence at a time, with loops, from the papers and the canonical names
/// of the parameters alone. It shares no code with the library; the configuration is only read for sizes and names.
/// </summary>
/// <param name="config">Sizes and names.</param>
/// <param name="weights">By canonical name.</param>
/// <param name="dropout">The factors of a row where values are dropped, by site, layer, token, head and width; null in inference.</param>
/// <param name="adapters">Number and factor s of the low-rank part of a linear layer, by its path; its A and B are weights.</param>
internal sealed class NaiveBert(
    BertConfig config, IReadOnlyDictionary<string, double[]> weights, Func<DropoutSite, int, int, int, int, double[]>? dropout = null, IReadOnlyDictionary<string, (int Number, double Scale)>? adapters = null)
{
    private readonly bool _roberta = config.ModelType == "roberta";
    private readonly bool _distilBert = config.ModelType == "distilbert";
    private readonly bool _electra = config.ModelType == "electra";

    /// <summary>[L + 1][S][H] hidden states and [L][N][S][S] attention probabilities of one sequence.</summary>
    public (double[][][] Hidden, double[][][][] Attentions) Encode(ReadOnlySpan<int> ids, ReadOnlySpan<int> types)
    {
        double[][][] hidden = new double[config.NumHiddenLayers + 1][][];
        double[][][][] attentions = new double[config.NumHiddenLayers][][][];
        hidden[0] = Embed(ids, types);
        for (int layer = 0; layer < attentions.Length; layer++)
        {
            string path = $"bert.encoder.layer.{layer}.";
            double[][] attended = Attend(hidden[layer], layer, path, out attentions[layer]);
            hidden[layer + 1] = [.. attended.Select((x, s) =>
            {
                double[] inner = [.. Dense(x, path + "intermediate.dense", s).Select(Act)];
                return Norm(Sum(Drop(Dense(inner, path + "output.dense", s), DropoutSite.FeedForwardOutput, layer, s), x), path + "output.LayerNorm");
            })];
        }

        return (hidden, attentions);
    }

    /// <summary>[H] BERT's pooled output.</summary>
    public double[] Pool(double[][] last) => [.. Dense(last[0], "bert.pooler.dense").Select(Math.Tanh)];

    /// <summary>[V] for the hidden state of one token.</summary>
    public double[] MaskedLM(double[] x, int token = 0)
    {
        double[] transformed = [.. Dense(x, "cls.predictions.transform.dense", token).Select(value => _roberta ? Gelu(value) : Act(value))];
        return Product(
            Norm(transformed, "cls.predictions.transform.LayerNorm"),
            weights.TryGetValue("cls.predictions.decoder.weight", out double[]? own) ? own : weights["bert.embeddings.word_embeddings.weight"],
            weights["cls.predictions.bias"]);
    }

    public double[] NextSentence(double[][] last) => Dense(DropFirst(Pool(last)), "cls.seq_relationship");

    public double[] ClassifySequence(double[][] last) =>
        _roberta || _electra
            ? Dense(Drop([.. Dense(DropFirst(last[0]), "classifier.dense").Select(value => _roberta ? Math.Tanh(value) : Gelu(value))], DropoutSite.HeadInner, -1, 0), "classifier.out_proj")
            : Choice(last);

    public double[] Choice(double[][] last) => _distilBert
        ? Dense(Drop([.. Dense(last[0], "pre_classifier").Select(value => Math.Max(value, 0))], DropoutSite.HeadInner, -1, 0), "classifier")
        : Dense(DropFirst(Pool(last)), "classifier");

    public double[] ClassifyToken(double[] x, int token = 0) => Dense(Drop(x, DropoutSite.HeadInput, -1, token), "classifier", token);

    public double[] StartAndEnd(double[] x, int token = 0) => Dense(Drop(x, DropoutSite.HeadInput, -1, token), "qa_outputs", token);

    public double[] Discriminate(double[] x, int token = 0) =>
        Dense([.. Dense(x, "discriminator_predictions.dense", token).Select(Act)], "discriminator_predictions.dense_prediction", token);

    private double[] DropFirst(double[] x) => Drop(x, DropoutSite.HeadInput, -1, 0);

    private double[] Drop(double[] x, DropoutSite site, int layer, int token, int head = 0) =>
        dropout is null ? x : [.. x.Zip(dropout(site, layer, token, head, x.Length), (value, factor) => value * factor)];

    private double[][] Embed(ReadOnlySpan<int> ids, ReadOnlySpan<int> types)
    {
        double[][] rows = new double[ids.Length][];
        for (int s = 0; s < rows.Length; s++)
        {
            // No id is the pad id here, so RoBERTa counts on from the one behind it.
            double[] x = Sum(Row("word", ids[s]), Row("position", _roberta ? config.PadTokenId + 1 + s : s));
            x = Drop(Norm(_distilBert ? x : Sum(x, Row("token_type", types[s])), "bert.embeddings.LayerNorm"), DropoutSite.Embeddings, -1, s);
            rows[s] = weights.ContainsKey("bert.embeddings_project.weight") ? Dense(x, "bert.embeddings_project", s) : x;
        }

        return rows;
    }

    private double[] Row(string table, int index)
    {
        int width = weights["bert.embeddings.LayerNorm.bias"].Length;
        return weights[$"bert.embeddings.{table}_embeddings.weight"][(index * width)..((index + 1) * width)];
    }

    private double[][] Attend(double[][] x, int layer, string path, out double[][][] probabilities)
    {
        double[][] q = [.. x.Select((row, s) => Dense(row, path + "attention.self.query", s))];
        double[][] k = [.. x.Select((row, s) => Dense(row, path + "attention.self.key", s))];
        double[][] v = [.. x.Select((row, s) => Dense(row, path + "attention.self.value", s))];
        int heads = config.NumAttentionHeads, size = config.HiddenSize / heads;
        double[][] context = [.. x.Select(_ => new double[config.HiddenSize])];
        probabilities = new double[heads][][];
        for (int head = 0; head < heads; head++)
        {
            int first = head * size;
            probabilities[head] = [.. q.Select(query => Softmax([.. k.Select(key => Dot(query, key, first, size) / Math.Sqrt(size))]))];
            for (int s = 0; s < x.Length; s++)
            {
                double[] kept = Drop(probabilities[head][s], DropoutSite.Attention, layer, s, head);
                for (int t = 0; t < x.Length; t++)
                {
                    for (int d = first; d < first + size; d++)
                    {
                        context[s][d] += kept[t] * v[t][d];
                    }
                }
            }
        }

        return [.. context.Select((row, s) => Norm(Sum(Drop(Dense(row, path + "attention.output.dense", s), DropoutSite.AttentionOutput, layer, s), x[s]), path + "attention.output.LayerNorm"))];
    }

    private double[] Dense(double[] x, string path, int token = 0)
    {
        double[] y = Product(x, weights[path + ".weight"], weights[path + ".bias"]);
        if (adapters is null || !adapters.TryGetValue(path, out (int Number, double Scale) adapter))
        {
            return y;
        }

        double[] a = weights[path + ".lora_A.weight"], b = weights[path + ".lora_B.weight"];
        double[] inner = Product(Drop(x, DropoutSite.Adapter, adapter.Number, token), a, new double[a.Length / x.Length]);
        return Sum(y, [.. Product(inner, b, new double[y.Length]).Select(value => adapter.Scale * value)]);
    }

    /// <summary>x·Wᵀ + b.</summary>
    private static double[] Product(double[] x, double[] w, double[] b)
    {
        double[] y = (double[])b.Clone();
        for (int n = 0; n < y.Length; n++)
        {
            for (int k = 0; k < x.Length; k++)
            {
                y[n] += x[k] * w[(n * x.Length) + k];
            }
        }

        return y;
    }

    private double[] Norm(double[] x, string path)
    {
        double mean = x.Average();
        double deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + config.LayerNormEps);
        double[] gain = weights[path + ".weight"], bias = weights[path + ".bias"];
        return [.. x.Select((value, i) => ((value - mean) / deviation * gain[i]) + bias[i])];
    }

    private static double[] Softmax(double[] x)
    {
        double most = x.Max(), sum = x.Sum(value => Math.Exp(value - most));
        return [.. x.Select(value => Math.Exp(value - most) / sum)];
    }

    private static double Dot(double[] x, double[] y, int first, int count)
    {
        double sum = 0;
        for (int i = first; i < first + count; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static double[] Sum(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a + b)];

    private double Act(double x) => config.HiddenAct switch
    {
        HiddenAct.Gelu => Gelu(x),
        HiddenAct.GeluNew => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        HiddenAct.QuickGelu => x * Sigmoid(1.702 * x),
        HiddenAct.Relu => Math.Max(x, 0),
        HiddenAct.Relu6 => Math.Clamp(x, 0, 6),
        HiddenAct.Relu2 => Math.Max(x, 0) * Math.Max(x, 0),
        HiddenAct.LeakyRelu => x > 0 ? x : 0.01 * x,
        HiddenAct.Silu => x * Sigmoid(x),
        HiddenAct.Tanh => Math.Tanh(x),
        HiddenAct.Sigmoid => Sigmoid(x),
        HiddenAct.Mish => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        HiddenAct.Linear => x,
        _ => throw new NotSupportedException($"{config.HiddenAct}"),
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Gelu(double x) => x / 2 * (1 + Erf(x / Math.Sqrt(2)));

    /// <summary>2/√π · e^(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n + 1)), all terms of one sign (Abramowitz, Stegun 7.1.6); 1 − erf(6) is below 1e-16.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
        {
            return Math.Sign(x);
        }

        double term = x, sum = x;
        for (int n = 1; n < 200; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
