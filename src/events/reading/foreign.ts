import type { Phrases } from './phrases.ts';

/** The same meanings as servers say them in Japanese, German, French, Spanish, Portuguese, Italian, Russian, Polish and Chinese. */
export const FOREIGN_PHRASES: Phrases = [
  [
    'mailbox_full',
    [
      /zu ?viele mails|メールボックス.{0,20}(?:一杯|いっぱい|満杯|容量|超|オーバー)|容量(?:を|が)?.{0,10}(?:超|オーバー|不足)|(?:受信|保存).{0,10}容量|postfach.{0,40}(?:voll|überfüllt|überschritten|kontingent)|speicher(?:platz|kontingent).{0,30}(?:erschöpft|überschritten|voll)|bo[iî]te.{0,40}(?:pleine|satur[eé]e|quota)|quota.{0,20}(?:d[eé]pass[eé]|überschritten|superad|excedid|exced|superat)|buz[oó]n.{0,30}(?:lleno|excedid)|caixa.{0,40}(?:cheia|lotad|excedid|cota)|casella.{0,30}(?:piena|esaurit)|переполнен|превыш\S* (?:квот|лимит|объ)|ящик.{0,30}(?:полон|заполнен)|skrzynka.{0,30}(?:pełna|przepełniona)|邮箱.{0,10}(?:已?满|超)|信箱.{0,10}(?:已?滿|超)|空间(?:不足|已满)|容量(?:已满|不足)/,
    ],
  ],
  ['virus', [/ウイルス|ウィルス|вирус|病毒/]],
  [
    'blocked',
    [
      /schwarzen? liste|gesperrt.{0,30}ip|ip.{0,40}(?:gesperrt|bloqu[eé]|bloquead)|liste noire|lista (?:negra|de bloqueo)|ч[её]рн\S+ списк|ip.{0,30}заблокир|黑名单|黑名單|ブラックリスト|client host blocked/,
    ],
  ],
  [
    'rate_limited',
    [
      /trop de (?:connexions?|messages)|zu viele (?:verbindungen|nachrichten)|demasiad[ao]s (?:conexiones|mensajes)|muitas conex|слишком много (?:соединений|писем|сообщений)|频率|发送过于频繁|連接頻率/,
    ],
  ],
  [
    'spam',
    [
      /迷惑メール|スパム|courrier ind[eé]sirable|pourriel|correo no deseado|спам|垃圾邮件|垃圾郵件|indésirable/,
    ],
  ],
  [
    'too_large',
    [
      /サイズ.{0,20}(?:超|大き)|容量制限を超|zu groß|größe.{0,20}überschreit|trop (?:gros|volumineux|grand)|taille maximale|demasiado grande|tama[nñ]o m[aá]xim|muito grande|tamanho m[aá]xim|слишком (?:большо|велик)|太大|大小超/,
    ],
  ],
  [
    'domain_unknown',
    [
      /ドメイン.{0,20}(?:存在しません|見つかり|見付か|不明)|(?:ホスト|サーバ).{0,15}(?:見つかり|存在しま|見付か)|domain.{0,30}(?:existiert nicht|nicht gefunden|unbekannt)|domaine.{0,30}(?:n'existe pas|inconnu|introuvable)|dominio.{0,30}(?:no existe|desconocido|inesistente|non esiste|no se (?:ha )?encontr)|dom[ií]nio.{0,30}(?:n[aã]o existe|inexistente|desconhecido)|домен.{0,30}(?:не существует|не найден)|域名.{0,10}(?:不存在|错误|无效)/,
    ],
  ],
  [
    'mailbox_disabled',
    [
      /(?:利用|使用|サービス).{0,8}(?:停止|休止|中止)|(?:一時|停止).{0,8}(?:停止中|休止中)|konto.{0,30}(?:gesperrt|deaktiviert|geschlossen)|postfach.{0,30}(?:gesperrt|deaktiviert)|compte.{0,30}(?:d[eé]sactiv|suspendu|ferm[eé]|bloqu[eé])|bo[iî]te.{0,40}(?:archiv[eé]e|d[eé]sactiv|suspendue)|cuenta.{0,30}(?:desactivada|suspendida|bloqueada|inhabilitada)|conta.{0,30}(?:desativada|suspensa|bloqueada|inativa)|(?:ящик|аккаунт|пользовател\S+|уч[её]тн\S+).{0,30}(?:заблокирован|отключ|заморожен|неактив)|konto.{0,30}(?:zablokowane|nieaktywne)|(?:帐号|账号|账户|邮箱|帳號).{0,10}(?:冻结|停用|禁用|锁定|被封)/,
    ],
  ],
  [
    'sender_refused',
    [
      /absender(?:adresse)?.{0,40}(?:abgelehnt|nicht (?:erlaubt|zugelassen)|ungültig)|exp[eé]diteur.{0,40}(?:refus|rejet|invalide|inconnu)|remitente.{0,40}(?:rechaz|no (?:v[aá]lid|autoriz))|remetente.{0,40}(?:rejeit|recus|inv[aá]lid)|отправител\S+.{0,30}(?:отклон|запрещ|не существует)|发件人.{0,15}(?:拒|不存在|无效)|グループにメッセージを投稿する権限|gruppe.{0,60}möglicherweise nicht vorhanden|no tienes los permisos|permiss[aã]o para (?:postar|publicar)|אין לך אישור|पोस्ट करने की अनुमति|google groups/,
    ],
  ],
  [
    'mailbox_unknown',
    [
      /ディレクトリのリストにありません|non r[eé]pertori[eé]|no se encuentra en el directorio|nicht im domino|não (?:está )?listad|(?:宛先|あて先|アドレス|受信者|ユーザ|アカウント|メールボックス|宛て先).{0,30}(?:存在しま|見つかりません|見付かりません|不明|間違|誤り|ありません|登録されて(?:い|お))|(?:empfänger|adresse|postfach|benutzer|konto|mailadresse|account).{0,40}(?:existiert nicht|nicht gefunden|unbekannt|nicht vorhanden|ungültig|konnte nicht gefunden|nicht bekannt|ist nicht verfügbar)|unbekannter (?:empfänger|benutzer)|destinataires? (?:inconnu|invalide|inexistant|introuvable)|(?:adresse|utilisateur|bo[iî]te|compte|destinataire).{0,40}(?:n'existe pas|inconnu|inexistant|invalide|introuvable)|(?:destinatario|usuario|cuenta|buz[oó]n|direcci[oó]n|utente|casella|indirizzo).{0,40}(?:no existe|desconocido|inexistente|no encontrad|no v[aá]lid|inv[aá]lid|sconosciut|inesistent|non esiste|non valid|no se (?:ha )?encontr)|(?:usu[aá]rio|destinat[aá]rio|conta|caixa|endere[cç]o).{0,40}(?:n[aã]o existe|desconhecid|inexistente|n[aã]o encontrad|inv[aá]lid)|(?:пользовател\S+|адресат\S*|адрес\S*|ящик\S*|получател\S+).{0,40}(?:не (?:существует|найден|зарегистрирован)|неизвест|неверн|отсутствует)|нет такого (?:пользователя|адреса|ящика)|такой почтовый ящик|(?:użytkownik|adres|konto|odbiorca).{0,30}(?:nie istnieje|nieznany|nieprawidłowy)|(?:收件人|用户|帐号|账号|地址|邮箱|帳號|使用者).{0,12}(?:不存在|未找到|无效|错误|找不到|不正确)|no such user/,
    ],
  ],
  [
    'system_trouble',
    [
      /service refus[eé]|veuillez (?:r[eé])?essayer plus tard|r[eé]essayez plus tard|später (?:noch einmal|erneut)|intente (?:de nuevo )?m[aá]s tarde|tente (?:novamente )?mais tarde|повторите (?:попытку )?позже|попробуйте (?:ещ[её] раз )?позже|稍后再试|稍後再試|しばらく.{0,10}(?:後|経って|待って)/,
    ],
  ],
];
