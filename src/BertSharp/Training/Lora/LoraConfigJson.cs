using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BertSharp;

/// <summary>
/// Reads and writes PEFT's <c>adapter_config.json</c>. An option that would change the result and that is not known here is
/// refused by name; others are kept (docs/formats/peft-adapter.md).
/// </summary>
internal static class LoraConfigJson
{
    // The second half changes nothing by itself: it describes, or belongs to an option that is off.
    private static readonly string[] Known =
    [
        "peft_type", "r", "lora_alpha", "lora_dropout", "target_modules", "modules_to_save", "bias", "use_rslora", "rank_pattern", "alpha_pattern", "task_type", "base_model_name_or_path", "init_lora_weights",
        "auto_mapping", "inference_mode", "megatron_core", "peft_version", "qalora_group_size", "revision",
    ];

    private static readonly (LoraBias Bias, string Name)[] Biases = [(LoraBias.None, "none"), (LoraBias.All, "all"), (LoraBias.LoraOnly, "lora_only")];

    /// <summary>Reads the text of the file.</summary>
    /// <exception cref="CheckpointException">It is no adapter of this kind, a value is out of range, or an option is not supported.</exception>
    public static LoraConfig Read(string text, string file)
    {
        using JsonDocument document = JsonFile.Parse(text, file);
        JsonFields fields = new(document.RootElement, file);
        if (fields.Text("peft_type") is var type && type != "LORA")
        {
            throw fields.Error("peft_type", $"expected LORA, found {(type is null ? "nothing" : $"'{CheckpointException.Show(type)}'")}; other adapters are not supported");
        }

        RefuseOthers(document.RootElement, fields);
        bool isPattern = fields.Find("target_modules") is { ValueKind: JsonValueKind.String };
        string[] targets = fields.TextOrTexts("target_modules");
        return new LoraConfig
        {
            Rank = Rank(fields.Integer("r") ?? 8, "r", fields),
            Alpha = fields.Number("lora_alpha") ?? 8,
            Dropout = fields.Number("lora_dropout") is not { } dropout ? 0 : dropout is >= 0 and < 1 ? dropout : throw fields.Error("lora_dropout", $"expected 0 or more and less than 1, found {dropout}"),
            TargetModules = targets.Length == 0 ? throw fields.Error("target_modules", "expected names of layers, a regular expression, or all-linear; found nothing") : isPattern ? [] : targets,
            TargetPattern = isPattern ? targets[0] : null,
            ModulesToSave = fields.Texts("modules_to_save"),
            Bias = ReadBias(fields),
            UseRslora = fields.Flag("use_rslora") ?? false,
            RankPattern = [.. Pattern(fields, "rank_pattern").Select(entry => KeyValuePair.Create(entry.Key, Rank(entry.Value, "rank_pattern", fields)))],
            AlphaPattern = Pattern(fields, "alpha_pattern"),
            TaskType = fields.Text("task_type"),
            BaseModel = fields.Text("base_model_name_or_path"),
            Source = text,
        };
    }

    /// <summary>The text of the file: the keys that were read, with what changed, or those of a new one.</summary>
    public static string Write(LoraConfig config)
    {
        JsonObject json = config.Source is null
            ? new JsonObject { ["auto_mapping"] = null, ["fan_in_fan_out"] = false, ["inference_mode"] = true, ["init_lora_weights"] = true, ["peft_type"] = "LORA", ["revision"] = null }
            : JsonNode.Parse(config.Source)!.AsObject();
        json["base_model_name_or_path"] = config.BaseModel;
        json["task_type"] = config.TaskType;
        json["r"] = config.Rank;
        json["lora_alpha"] = Number(config.Alpha, "0.################");
        json["lora_dropout"] = Number(config.Dropout, "0.0###############");
        json["target_modules"] = config.TargetPattern is { } pattern ? pattern : Texts(config.TargetModules);
        json["modules_to_save"] = config.ModulesToSave.Count == 0 ? null : Texts(config.ModulesToSave);
        json["bias"] = Array.Find(Biases, row => row.Bias == config.Bias).Name;
        json["use_rslora"] = config.UseRslora;
        json["rank_pattern"] = new JsonObject(config.RankPattern.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
        json["alpha_pattern"] = new JsonObject(config.AlphaPattern.Select(entry => KeyValuePair.Create(entry.Key, Number(entry.Value, "0.################"))));
        return JsonFile.ToText(json);
    }

    /// <summary>What is not known must be off: null, false, or empty.</summary>
    private static void RefuseOthers(JsonElement root, JsonFields fields)
    {
        foreach (JsonProperty option in root.EnumerateObject())
        {
            bool off = option.Value.ValueKind switch
            {
                JsonValueKind.Null or JsonValueKind.False => true,
                JsonValueKind.Array => option.Value.GetArrayLength() == 0,
                JsonValueKind.Object => !option.Value.EnumerateObject().MoveNext(),
                _ => false,
            };
            if (!off && !Known.Contains(option.Name))
            {
                throw fields.Error(option.Name, $"this option is not supported: expected null, false or nothing, found {CheckpointException.Show(option.Value.GetRawText())}. Merge the adapter with PEFT (merge_and_unload) and load the whole model");
            }
        }

        // The other ways to begin (pissa, olora, loftq …) change the model's own weights.
        if (fields.Find("init_lora_weights") is { ValueKind: JsonValueKind.String } start && start.GetString() is var name && name != "gaussian")
        {
            throw fields.Error("init_lora_weights", $"'{CheckpointException.Show(name!)}' is not supported: expected true, false or gaussian, which leave the model's own weights alone. Merge the adapter with PEFT (merge_and_unload) and load the whole model");
        }
    }

    private static LoraBias ReadBias(JsonFields fields)
    {
        string name = fields.Text("bias") ?? "none";
        int row = Array.FindIndex(Biases, bias => bias.Name == name);
        return row >= 0 ? Biases[row].Bias : throw fields.Error("bias", $"expected none, all or lora_only, found '{CheckpointException.Show(name)}'");
    }

    private static int Rank(double rank, string key, JsonFields fields) => rank is >= 1 and <= LoraConfig.MaxRank && rank == Math.Floor(rank)
        ? (int)rank
        : throw fields.Error(key, $"expected a rank of 1 to {LoraConfig.MaxRank}, found {rank.ToString(CultureInfo.InvariantCulture)}");

    private static List<KeyValuePair<string, double>> Pattern(JsonFields fields, string key)
    {
        if (fields.Find(key) is not { } value)
        {
            return [];
        }

        JsonElement map = value.ValueKind == JsonValueKind.Object ? value : throw fields.Error(key, $"expected an object of numbers, found {value.ValueKind}");
        return [.. map.EnumerateObject().Select(entry =>
            entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetDouble(out double number) && double.IsFinite(number)
                ? KeyValuePair.Create(entry.Name, number)
                : throw fields.Error(key, $"expected a number for '{CheckpointException.Show(entry.Name)}', found {CheckpointException.Show(entry.Value.GetRawText())}"))];
    }

    private static JsonNode? Number(double value, string format) => JsonNode.Parse(value.ToString(format, CultureInfo.InvariantCulture));

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
