namespace BertSharp;

/// <summary>An example of pretraining before masking.</summary>
/// <param name="Ids">Its tokens, [CLS] and [SEP] among them.</param>
/// <param name="SecondStart">Where the second segment (token type 1) begins; 0: there is none.</param>
/// <param name="NextSentence">0: the second follows the first in the text; 1: it is random; null: not asked.</param>
internal readonly record struct PretrainingExample(int[] Ids, int SecondStart = 0, int? NextSentence = null);
